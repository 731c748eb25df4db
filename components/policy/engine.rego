# What an engine asks, in words, and the answer in the form that it takes. Drydock keeps this file: reasons to refuse are
# `deny` of the package `rules`, in other files of this folder. Without a reason it is a yes.
#
# The question is Docker's (https://docs.docker.com/engine/extend/plugins_authorization/). What the engine would read in
# another way than these lines do is refused here.
package engine

# Such as "POST /containers/create": without the API's version and what comes after a question mark.
action := concat(" ", [input.RequestMethod, path])

path := regex.replace(urlquery.decode(split(input.RequestUri, "?")[0]), `^/v[0-9.]+/`, "/")

default parameters := {}

parameters := urlquery.decode_object(substring(input.RequestUri, indexof(input.RequestUri, "?") + 1, -1)) if {
	contains(input.RequestUri, "?")
}

# What the request carries, where that is JSON; for a container the "Image", the "Env", the "HostConfig" and so on.
body := json.unmarshal(base64.decode(input.RequestBody))

# The engine reads the names of JSON's fields whatever their case.
field(object, name) := values[0] if {
	values := [value | some key, value in object; lower(key) == name]
	count(values) == 1
}

runs if action == "POST /containers/create"

runs if regex.match(`^POST /services/(create|[^/]+/update)$`, action)

# The image that something shall run, or that shall be fetched; "" where a request is about none.
default image := ""

image := field(body, "image") if action == "POST /containers/create"

image := field(field(field(body, "tasktemplate"), "containerspec"), "image") if {
	runs
	action != "POST /containers/create"
}

image := concat(separator, [name, tag]) if {
	action == "POST /images/create"
	name := parameters.fromImage[0]
	tag := parameters.tag[0]
	separator := {true: "@", false: ":"}[startswith(tag, "sha256:")]
}

# All of its tags.
image := parameters.fromImage[0] if {
	action == "POST /images/create"
	not parameters.tag
}

image := parameters.remote[0] if regex.match(`^POST /plugins/(pull|.+/upgrade)$`, action)

unreadable contains "no image can be read from the request, or more than one" if {
	runs
	image == ""
}

# The engine would take a form's fields for parameters, and is not asked with them.
unreadable contains "forms are not taken" if {
	some name, value in object.get(input, "RequestHeaders", {})
	lower(name) == "content-type"
	startswith(lower(value), "application/x-www-form-urlencoded")
}

reasons := {reason | some reason in data.rules.deny} | unreadable

response := {
	"Allow": count(reasons) == 0,
	"Msg": concat("; ", sort(reasons)),
	"action": action,
	"image": image,
}
