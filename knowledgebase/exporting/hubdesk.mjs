// What these articles say that Markdown has no word for: steps, and doors to the desk they come from.

const DESK = "__DESK__";

const words = (value) => ({ type: "text", value });
const paragraph = (children) => ({ type: "paragraph", children });
const link = (url, label) => ({ type: "link", url, children: [words(label)] });

const box = (kind, title, children) => ({
  type: "admonition",
  kind,
  children: [{ type: "admonitionTitle", children: [words(title)] }, ...children],
});

const door = (title, body) => box("note", title, [...(body ?? []), paragraph([link(DESK, "Open the desk")])]);

const REQUESTS = {
  "new-hub": "Ask for a new hub",
  event: "Ask for an event or a workshop",
  change: "Ask for a change to a hub",
  decommission: "Ask for the end of a hub",
};

const request = {
  name: "request",
  doc: "A door to a hub request.",
  arg: { type: String, required: true },
  body: { type: "myst" },
  run: (data) => [door(REQUESTS[data.arg] ?? "Ask for a hub", data.body)],
};

const askSupport = {
  name: "ask-support",
  doc: "A door to a new ticket.",
  arg: { type: String },
  body: { type: "myst" },
  run: (data) => [door(data.arg || "Ask support", data.body)],
};

const hubFacts = {
  name: "hub-facts",
  doc: "What the reader's community runs; only the desk knows.",
  arg: { type: String },
  options: { shows: { type: String } },
  run: (data) => [door(data.arg || "Your hubs")],
};

const openInHub = {
  name: "open-in-hub",
  doc: "A repository to open on a hub.",
  arg: { type: String },
  options: { repository: { type: String, required: true }, branch: { type: String }, path: { type: String }, app: { type: String } },
  run: (data) => [box("tip", data.arg || "Open it on your hub", [paragraph([link(data.options.repository, data.options.repository)])])],
};

const steps = {
  name: "steps",
  doc: "Steps to follow in order.",
  body: { type: "myst", required: true },
  run: (data) => data.body,
};

const download = {
  name: "download",
  doc: "A file to download.",
  arg: { type: String, required: true },
  body: { type: String },
  run: (data) => [paragraph([link(data.arg, data.body || data.arg.split("/").pop())])],
};

const video = {
  name: "video",
  doc: "A video, with what it shows in words.",
  arg: { type: String, required: true },
  options: { captions: { type: String }, title: { type: String } },
  body: { type: "myst" },
  run: (data) => [
    { type: "image", url: data.arg, alt: data.options?.title ?? "" },
    ...(data.options?.captions ? [paragraph([link(data.options.captions, "Captions")])] : []),
    ...(data.body ?? []),
  ],
};

export default { name: "Hubdesk", directives: [request, askSupport, hubFacts, openInHub, steps, download, video] };
