/** Where in IAM our roles and instance profiles are, which is how they are found again: IAM does not search by tag. */
export const iamPath = "/drydock/";
