/** Where a host's sshd looks for the keys of the learner's own, beside the stack's. */
export const learnerKeys = "/etc/drydock/learner_keys";
