/** The data of the page, and how the shop wants it shown. */
const data = JSON.parse(document.getElementById("data").textContent);
const settings = JSON.parse(document.getElementById("settings").textContent);
