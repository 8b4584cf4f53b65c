using System.Diagnostics;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>What a run of many steps brought.</summary>
/// <param name="StepsPerSecond">From the instant at which all were due to the last write-back.</param>
/// <param name="WorkerMicros">Processor time of the program's nodes, a step.</param>
/// <param name="PostgresMicros">Processor time of PostgreSQL, a step.</param>
/// <param name="StubMicros">Processor time of the stub provider, a step.</param>
internal sealed record StepRun(double StepsPerSecond, double WorkerMicros, double PostgresMicros, double StubMicros);

/// <summary>Steps a second: all instances fall due at one instant, and the clock runs until the last one is COMPLETED.</summary>
internal static class StepRuns
{
    private const int Mails = 3;

    // During the warm-up the runtime still compiles what turns out to be used often.
    private const double FasterThanWarmUp = 1.5;

    /// <summary>
    /// Runs three mails for each of many people, on an empty database, and checks that each was sent once and recorded once. How many people that
    /// takes, the warm-up tells.
    /// </summary>
    public static async Task<StepRun> Run(
        BenchEnvironment rig,
        TimeSpan length,
        TimeSpan latency,
        int lanes,
        int nodes = 1,
        Func<Task>? prepare = null,
        Func<Task, Task>? during = null,
        Func<ProgramProcess, Task>? attach = null
    )
    {
        await rig.Empty();
        using var stub = await Stub.Start(latency);
        List<ProgramProcess> started = [];
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                started.Add(await rig.Node(stub, ("Dispatcher__Lanes", $"{lanes}")));
            }

            var sequence = await BenchEnvironment.Sequence(started[0].Http, Mails);
            if (attach is not null)
            {
                await attach(started[0]);
            }

            var warmUp = lanes == 1 ? 1_000 : 8_000;
            await BenchEnvironment.Enrol(started[0], sequence, warmUp, null);
            var warm = await rig.UntilDone(stub, warmUp * Mails, Stopwatch.StartNew());
            var people = (int)(warmUp * (length / warm) * FasterThanWarmUp);
            if (prepare is not null)
            {
                await prepare();
            }

            await rig.NobodyVacuums();
            // Room for the enrolment itself, which the bulk measure looks at, and for the checkpoint behind it.
            var due = DateTimeOffset.UtcNow.AddSeconds(8 + (people / 5_000.0));
            await BenchEnvironment.Enrol(started[0], sequence, people, _ => due, from: warmUp);
            await rig.Sql("CHECKPOINT");
            Check.That(DateTimeOffset.UtcNow < due, "The enrolment took longer than the run allows for");
            var done = new TaskCompletionSource();
            await Task.Delay(due - DateTimeOffset.UtcNow);
            var run = during?.Invoke(done.Task);
            var watch = Stopwatch.StartNew();
            var (worker, postgres, provider) = Used();
            var took = await rig.UntilDone(stub, (warmUp + people) * Mails, watch);
            var (workerAfter, postgresAfter, providerAfter) = Used();
            done.SetResult();
            if (run is not null)
            {
                await run;
            }

            await CheckAll(rig, stub, warmUp + people);
            started.ForEach(node => Check.That(!node.Output.Contains("Lost the lease", StringComparison.Ordinal), "A lease was lost"));
            var steps = (double)people * Mails;
            return new(
                steps / took.TotalSeconds,
                (workerAfter - worker).TotalMicroseconds / steps,
                (postgresAfter - postgres).TotalMicroseconds / steps,
                (providerAfter - provider).TotalMicroseconds / steps
            );
        }
        finally
        {
            started.ForEach(node => node.Dispose());
        }

        (TimeSpan Worker, TimeSpan Postgres, TimeSpan Stub) Used() =>
            (
                started.Aggregate(TimeSpan.Zero, (sum, node) => sum + Cpu.Of(node.Id)),
                Cpu.OfFamily(rig.Postgres.ProcessId),
                Cpu.Of(stub.ProcessId)
            );
    }

    /// <summary>Each step sent once, recorded once, and every instance at its end.</summary>
    private static async Task CheckAll(BenchEnvironment rig, Stub stub, int people)
    {
        var (mails, duplicates) = await stub.Count();
        var sent = await rig.Read<long>("SELECT count(*) FROM follow_up_event WHERE status = 'sent'");
        var completed = await rig.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'");
        Check.That(mails == people * Mails && duplicates == 0, $"{mails} mails and {duplicates} duplicates for {people} instances");
        Check.That(sent == people * Mails, $"{sent} step events for {people} instances");
        Check.That(completed == people, $"{completed} of {people} instances are COMPLETED");
    }
}
