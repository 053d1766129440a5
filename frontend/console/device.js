// The board has the same one, so it lies in shared/.
export * from "../shared/device.js";
