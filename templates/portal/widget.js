// The support widget is not built yet: this script changes nothing on the page that loads it.
console.info("Hubdesk: the support widget is not built yet. Ask for help on the desk's own pages.");
