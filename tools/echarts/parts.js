// What the report page draws with: lines and bars as SVG, which needs no canvas and prints sharp.
import { init, use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([AriaComponent, BarChart, GridComponent, LineChart, MarkAreaComponent, SVGRenderer, TooltipComponent]);

export { init };
