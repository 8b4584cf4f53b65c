using System.Diagnostics;
using FollowUp.Testing;

namespace FollowUp.Bench;

/// <summary>One or more runs of many steps, one after the other, by the same nodes on one database that was empty at first.</summary>
internal sealed class StepSeries : IAsyncDisposable
{
    private const int Mails = 3;

    // During the warm-up the runtime recompiles frequently used methods.
    private const double FasterThanWarmUp = 1.5;

    private readonly BenchEnvironment _environment;
    private readonly Stub _stub;
    private readonly List<ProgramProcess> _nodes = [];
    private Guid _sequence;
    private int _recipients;
    private double _recipientsPerSecond;

    private StepSeries(BenchEnvironment environment, Stub stub) => (_environment, _stub) = (environment, stub);

    public ProgramProcess Node => _nodes[0];

    /// <summary>Starts the nodes and carries out the steps of a warm-up, which tells how many instances fit into a run.</summary>
    public static async Task<StepSeries> Start(BenchEnvironment environment, TimeSpan latency, int lanes, int nodes = 1)
    {
        await environment.Empty();
        var series = new StepSeries(environment, await Stub.Start(latency));
        try
        {
            for (var i = 0; i < nodes; i++)
            {
                series._nodes.Add(await environment.Node(series._stub, ("Dispatcher__Lanes", $"{lanes}")));
            }

            series._sequence = await BenchEnvironment.Sequence(series.Node.Http, Mails);
            series._recipients = lanes == 1 ? 1_000 : 8_000;
            await BenchEnvironment.Enrol(series.Node, series._sequence, series._recipients, null);
            var warm = await environment.UntilDone(series._stub, series._recipients * Mails, Stopwatch.StartNew());
            series._recipientsPerSecond = series._recipients / warm.TotalSeconds * FasterThanWarmUp;
            return series;
        }
        catch
        {
            await series.DisposeAsync();
            throw;
        }
    }

    /// <summary>Enrols instances that fall due at one instant, and measures from there until the last write-back.</summary>
    /// <param name="length">How long the run takes, roughly.</param>
    /// <param name="during">Runs beside the steps; its argument ends with the last of them.</param>
    public async Task<StepRun> Run(TimeSpan length, Func<Task, Task>? during = null)
    {
        var recipients = (int)(length.TotalSeconds * _recipientsPerSecond);
        await _environment.WaitForVacuum();
        // Leaves time for the enrolment, which the bulk measure covers, and for the checkpoint after it.
        var due = DateTimeOffset.UtcNow.AddSeconds(8 + (recipients / 5_000.0));
        await BenchEnvironment.Enrol(Node, _sequence, recipients, _ => due, from: _recipients);
        _recipients += recipients;
        await _environment.Sql("CHECKPOINT");
        Check.That(DateTimeOffset.UtcNow < due, "The enrolment took longer than the run allows for");
        var done = new TaskCompletionSource();
        await Task.Delay(due - DateTimeOffset.UtcNow);
        var beside = during?.Invoke(done.Task);
        var watch = Stopwatch.StartNew();
        var (worker, postgres, provider) = Used();
        var took = await _environment.UntilDone(_stub, _recipients * Mails, watch);
        var (workerAfter, postgresAfter, providerAfter) = Used();
        done.SetResult();
        if (beside is not null)
        {
            await beside;
        }

        await CheckAll();
        var steps = (double)recipients * Mails;
        return new(
            steps / took.TotalSeconds,
            (workerAfter - worker).TotalMicroseconds / steps,
            (postgresAfter - postgres).TotalMicroseconds / steps,
            (providerAfter - provider).TotalMicroseconds / steps
        );
    }

    public ValueTask DisposeAsync()
    {
        _nodes.ForEach(node => node.Dispose());
        _stub.Dispose();
        return ValueTask.CompletedTask;
    }

    private (TimeSpan Worker, TimeSpan Postgres, TimeSpan Stub) Used() =>
        (
            _nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + Cpu.Of(node.Id)),
            Cpu.OfFamily(_environment.Postgres.ProcessId),
            Cpu.Of(_stub.ProcessId)
        );

    /// <summary>Each step sent once, recorded once, and every instance at its end.</summary>
    private async Task CheckAll()
    {
        var (mails, duplicates) = await _stub.Count();
        var sent = await _environment.Read<long>("SELECT count(*) FROM follow_up_event WHERE status = 'sent'");
        var completed = await _environment.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'");
        Check.That(
            mails == _recipients * Mails && duplicates == 0,
            $"{mails} mails and {duplicates} duplicates for {_recipients} instances"
        );
        Check.That(sent == _recipients * Mails, $"{sent} step events for {_recipients} instances");
        Check.That(completed == _recipients, $"{completed} of {_recipients} instances are COMPLETED");
        _nodes.ForEach(node => Check.That(!node.Output.Contains("Lost the lease", StringComparison.Ordinal), "A lease was lost"));
    }
}
