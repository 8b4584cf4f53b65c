namespace FollowUp.Bench;

/// <summary>The result of a run of many steps.</summary>
/// <param name="StepsPerSecond">From the instant at which all were due to the last write-back.</param>
/// <param name="WorkerMicros">Processor time of the program's nodes per step.</param>
/// <param name="PostgresMicros">Processor time of PostgreSQL per step.</param>
/// <param name="StubMicros">Processor time of the stub provider per step.</param>
internal sealed record StepRun(double StepsPerSecond, double WorkerMicros, double PostgresMicros, double StubMicros);

/// <summary>Steps per second: all instances become due at one instant; the run ends when the last one is COMPLETED.</summary>
internal static class StepRuns
{
    /// <summary>
    /// Runs three mails for each of many instances, on an empty database, and checks that each was sent once and recorded once. The warm-up tells how
    /// many instances fit into the length.
    /// </summary>
    public static async Task<StepRun> Run(
        BenchEnvironment environment,
        TimeSpan length,
        TimeSpan latency,
        int lanes,
        int nodes = 1,
        Func<Task>? prepare = null,
        Func<Task, Task>? during = null
    )
    {
        await using var series = await StepSeries.Start(environment, latency, lanes, nodes);
        if (prepare is not null)
        {
            await prepare();
        }

        return await series.Run(length, during);
    }
}
