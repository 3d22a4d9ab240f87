// Shows the page again when it is another one. The server knows which version this is, so no change is missed.
"use strict";
(() => {
  const { address, version } = document.currentScript.dataset;
  const query = new URLSearchParams({ address, version });
  const source = new EventSource(`/_folio/events?${query}`);
  source.addEventListener("change", () => {
    source.close();
    location.reload();
  });
  addEventListener("pagehide", () => source.close());
})();
