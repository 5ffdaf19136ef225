/** In place of what needs telemetry: why it is not there, and how it comes. */
export function LoadTelemetry({ about }: { about: string }) {
  return (
    <div className="load-telemetry">
      <p>{about}</p>
      <p className="muted">
        Load GPU and host metrics in a terminal, with the same data folder as this window. DCGM and
        Prometheus, nvidia-smi logs, CloudWatch and Cloud Monitoring files are read.
      </p>
      <code>outlay telemetry import PATH...</code>
    </div>
  );
}
