# What an engine asks, in words, and the answer in the form that it takes. Drydock keeps this file: reasons to refuse are
# `deny` of the package `rules`, in other files of this folder. Without a reason it is a yes.
#
# The question is Docker's (https://docs.docker.com/engine/extend/plugins_authorization/).
package engine

# Such as "POST /containers/create": without the API's version and what comes after a question mark.
action := concat(" ", [input.RequestMethod, path])

path := regex.replace(split(input.RequestUri, "?")[0], `^/v[0-9.]+/`, "/")

parameters := urlquery.decode_object(substring(input.RequestUri, indexof(input.RequestUri, "?") + 1, -1)) if {
	contains(input.RequestUri, "?")
}

# What the request carries, where that is JSON; for a container the "Image", the "Env", the "HostConfig" and so on.
body := json.unmarshal(base64.decode(input.RequestBody))

default image := ""

# The image that something shall run, or that shall be fetched.
image := body.Image if action == "POST /containers/create"

image := body.TaskTemplate.ContainerSpec.Image if regex.match(`^POST /services/(create|[^/]+/update)$`, action)

image := concat(separator, [parameters.fromImage[0], tag]) if {
	action == "POST /images/create"
	tag := parameters.tag[0]
	separator := {true: "@", false: ":"}[startswith(tag, "sha256:")]
}

reasons := {reason | some reason in data.rules.deny}

response := {
	"Allow": count(reasons) == 0,
	"Msg": concat("; ", sort(reasons)),
	"action": action,
	"image": image,
}
