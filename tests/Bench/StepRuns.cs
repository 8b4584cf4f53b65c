using System.Diagnostics;
using FollowUp.Testing;

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
    private const int Mails = 3;

    // During the warm-up the runtime recompiles frequently used methods.
    private const double FasterThanWarmUp = 1.5;

    /// <summary>
    /// Runs three mails for each of many recipients on an empty database, and checks that each was sent once and recorded once. The warm-up
    /// determines the number of recipients.
    /// </summary>
    public static async Task<StepRun> Run(
        BenchEnvironment environment,
        TimeSpan length,
        TimeSpan latency,
        int lanes,
        int nodes = 1,
        Func<Task>? prepare = null,
        Func<Task, Task>? during = null,
        Func<ProgramProcess, Task>? attach = null
    )
    {
        await environment.Empty();
        using var stub = await Stub.Start(latency);
        List<ProgramProcess> started = [];
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                started.Add(await environment.Node(stub, ("Dispatcher__Lanes", $"{lanes}")));
            }

            var sequence = await BenchEnvironment.Sequence(started[0].Http, Mails);
            if (attach is not null)
            {
                await attach(started[0]);
            }

            var warmUp = lanes == 1 ? 1_000 : 8_000;
            await BenchEnvironment.Enrol(started[0], sequence, warmUp, null);
            var warm = await environment.UntilDone(stub, warmUp * Mails, Stopwatch.StartNew());
            var recipients = (int)(warmUp * (length / warm) * FasterThanWarmUp);
            if (prepare is not null)
            {
                await prepare();
            }

            await environment.WaitForVacuum();
            // Leaves time for the enrolment, which the bulk measure covers, and for the checkpoint after it.
            var due = DateTimeOffset.UtcNow.AddSeconds(8 + (recipients / 5_000.0));
            await BenchEnvironment.Enrol(started[0], sequence, recipients, _ => due, from: warmUp);
            await environment.Sql("CHECKPOINT");
            Check.That(DateTimeOffset.UtcNow < due, "The enrolment took longer than the run allows for");
            var done = new TaskCompletionSource();
            await Task.Delay(due - DateTimeOffset.UtcNow);
            var run = during?.Invoke(done.Task);
            var watch = Stopwatch.StartNew();
            var (worker, postgres, provider) = Used();
            var took = await environment.UntilDone(stub, (warmUp + recipients) * Mails, watch);
            var (workerAfter, postgresAfter, providerAfter) = Used();
            done.SetResult();
            if (run is not null)
            {
                await run;
            }

            await CheckAll(environment, stub, warmUp + recipients);
            started.ForEach(node => Check.That(!node.Output.Contains("Lost the lease", StringComparison.Ordinal), "A lease was lost"));
            var steps = (double)recipients * Mails;
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
                Cpu.OfFamily(environment.Postgres.ProcessId),
                Cpu.Of(stub.ProcessId)
            );
    }

    /// <summary>Checks that each step was sent once and recorded once, and that every instance has ended.</summary>
    private static async Task CheckAll(BenchEnvironment environment, Stub stub, int recipients)
    {
        var (mails, duplicates) = await stub.Count();
        var sent = await environment.Read<long>("SELECT count(*) FROM follow_up_event WHERE status = 'sent'");
        var completed = await environment.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'");
        Check.That(mails == recipients * Mails && duplicates == 0, $"{mails} mails and {duplicates} duplicates for {recipients} instances");
        Check.That(sent == recipients * Mails, $"{sent} step events for {recipients} instances");
        Check.That(completed == recipients, $"{completed} of {recipients} instances are COMPLETED");
    }
}
