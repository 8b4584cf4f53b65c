using System.Diagnostics;

namespace FollowUp.Bench;

/// <summary>The size of the runs.</summary>
/// <param name="Runs">Number of repetitions.</param>
/// <param name="Run">Approximate duration of a run of steps.</param>
/// <param name="Floor">Instances of the floor, three steps each.</param>
/// <param name="Waiting">Instances that wait for the future.</param>
/// <param name="Events">Events in the log.</param>
internal sealed record Size(int Runs, TimeSpan Run, int Floor, int Waiting, int Events)
{
    public static readonly Size Full = new(3, TimeSpan.FromSeconds(20), 40_000, 1_000_000, 5_000_000);

    /// <summary>For a quick check: one small run of each measure.</summary>
    public static readonly Size Quick = new(1, TimeSpan.FromSeconds(8), 16_000, 100_000, 500_000);
}

/// <summary>A measure: its name on the command line, and the function that runs it.</summary>
internal sealed record Measure(string Name, string About, Func<BenchEnvironment, Size, Task<IEnumerable<Reading>>> Run, bool Once = false);

/// <summary>All measures, in the order of the output.</summary>
internal static class Measures
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan HeldFor = TimeSpan.FromSeconds(60);

    // As many lanes as one node can use while it leaves connections for a second one.
    private const int LanesOfOneOfSeveral = 256;
    private const string Sent = "SELECT count(*) FROM follow_up_event WHERE status = 'sent'";

    public static readonly IReadOnlyList<Measure> All =
    [
        new("steps", "steps a second, and the floor in the same run", Steps),
        new("slow-provider", "steps a second at 50 ms provider latency", SlowProvider),
        new("one-lane", "steps a second with Dispatcher:Lanes=1", OneLane),
        new("bulk", "bulk enrolment through the API", Bulk.Run),
        new("due", "from due to accepted, at 50 steps a second", DueLatency.Run),
        new("waiting", "steps a second beside instances that wait, and a long log", Beside, Once: true),
        new("old-transaction", "steps a second while a transaction is held open", OldTransaction, Once: true),
        new("nodes", "1, 2 and 4 nodes at 50 ms provider latency", Nodes, Once: true),
        new("memory", "memory after 100k and after 1M steps", Memory, Once: true),
        new("api", "the API's lists under 32 connections", ApiLists.Run, Once: true),
        new("mass", "mass changes of many instances beside another owner's steps", Mass.Run, Once: true),
        new("start", "from start to ready", Start),
    ];

    private static async Task<IEnumerable<Reading>> Steps(BenchEnvironment environment, Size size)
    {
        var before = await Floor.OfMany.Run(environment, size.Floor);
        var run = await StepRuns.Run(environment, size.Run, TimeSpan.Zero, BenchEnvironment.Lanes);
        var floor = (before + await Floor.OfMany.Run(environment, size.Floor)) / 2;
        return
        [
            new("steps", "steps/s", run.StepsPerSecond, Bar.Least(10_400)),
            new("steps, share of the floor", "", run.StepsPerSecond / floor, Bar.Least(0.35)),
            new("floor: pgbench, 8 clients, batches of 50, before and after", "steps/s", floor),
            new("processor time of the program", "µs/step", run.WorkerMicros),
            new("processor time of PostgreSQL", "µs/step", run.PostgresMicros),
            new("processor time of the stub provider", "µs/step", run.StubMicros),
        ];
    }

    private static async Task<IEnumerable<Reading>> SlowProvider(BenchEnvironment environment, Size size)
    {
        var run = await StepRuns.Run(environment, size.Run, Slow, BenchEnvironment.Lanes);
        return [new("steps at 50 ms provider latency", "steps/s", run.StepsPerSecond, Bar.Least(5_000))];
    }

    private static async Task<IEnumerable<Reading>> OneLane(BenchEnvironment environment, Size size)
    {
        var run = await StepRuns.Run(environment, size.Run, TimeSpan.Zero, 1);
        var floor = await Floor.OfOneLane.Run(environment, size.Floor / 16);
        return
        [
            new("steps with one lane", "steps/s", run.StepsPerSecond, Bar.Least(1_200)),
            new("floor of one lane: pgbench, one client, one step at a time", "steps/s", floor),
        ];
    }

    /// <summary>
    /// Runs the baseline before and after each case. A share relates to the mean of the two baselines around it, because the speed of a shared
    /// machine changes by the minute.
    /// </summary>
    private static async Task<double[]> Compare(Func<Task<StepRun>> plain, params Func<Task<StepRun>>[] others)
    {
        List<double> around = [(await plain()).StepsPerSecond];
        List<double> shares = [];
        foreach (var other in others)
        {
            var run = await other();
            around.Add((await plain()).StepsPerSecond);
            shares.Add(run.StepsPerSecond / around[^2..].Average());
        }

        return [.. shares];
    }

    private static async Task<IEnumerable<Reading>> Beside(BenchEnvironment environment, Size size)
    {
        var shares = await Compare(
            () => With(() => Task.CompletedTask),
            () => With(() => environment.Seed(size.Waiting, TimeSpan.FromDays(30))),
            () => With(() => environment.SeedLog(size.Events))
        );
        return
        [
            new($"steps beside {size.Waiting:N0} waiting instances, share of the empty figure", "", shares[0], Bar.Least(0.9)),
            new($"steps with {size.Events:N0} events in the log, share of the empty figure", "", shares[1], Bar.Least(0.9)),
        ];

        Task<StepRun> With(Func<Task> seed) =>
            StepRuns.Run(
                environment,
                size.Run,
                TimeSpan.Zero,
                BenchEnvironment.Lanes,
                prepare: async () =>
                {
                    await seed();
                    await environment.Sql("VACUUM ANALYZE");
                }
            );
    }

    /// <summary>
    /// Counts the steps that are executed while the transaction is open, from the instant at which all are due. The runs are longer than that,
    /// because they are faster than the warm-up that determines the number of steps.
    /// </summary>
    private static async Task<IEnumerable<Reading>> OldTransaction(BenchEnvironment environment, Size size)
    {
        var held = TimeSpan.Zero;
        var rate = 0.0;
        var shares = await Compare(() => Run(null), async () => await Run(Hold) with { StepsPerSecond = rate });
        return
        [
            new("steps beside an open transaction, share of the figure without", "", shares[0], Bar.Least(0.8)),
            new("how long it was open", "s", held.TotalSeconds),
        ];

        Task<StepRun> Run(Func<Task, Task>? during) =>
            StepRuns.Run(environment, size.Run * 5, TimeSpan.Zero, BenchEnvironment.Lanes, during: during);

        async Task Hold(Task done)
        {
            await using var connection = await environment.Database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead);
            await using var look = connection.CreateCommand();
            look.CommandText = Sent;
            var before = (long)(await look.ExecuteScalarAsync())!;
            var watch = Stopwatch.StartNew();
            await Task.WhenAny(done, Task.Delay(HeldFor));
            held = watch.Elapsed;
            rate = (await environment.Read<long>(Sent) - before) / held.TotalSeconds;
        }
    }

    private static async Task<IEnumerable<Reading>> Nodes(BenchEnvironment environment, Size size)
    {
        var shares = await Compare(() => Run(1), () => Run(2), () => Run(4));
        return
        [
            new("two nodes at 50 ms, share of one", "", shares[0], Bar.Least(1)),
            new("four nodes at 50 ms, share of one", "", shares[1], Bar.Least(1)),
        ];

        Task<StepRun> Run(int nodes) => StepRuns.Run(environment, size.Run, Slow, LanesOfOneOfSeveral, nodes);
    }

    private static async Task<IEnumerable<Reading>> Memory(BenchEnvironment environment, Size size)
    {
        await environment.Empty();
        using var stub = await Stub.Start(TimeSpan.Zero);
        using var node = await environment.Node(stub, ("Dispatcher__Lanes", $"{BenchEnvironment.Lanes}"));
        var sequence = await BenchEnvironment.Sequence(node);
        var (few, many) = (size.Waiting / 30, size.Waiting / 3);
        await BenchEnvironment.Enrol(node, sequence, few, null);
        await environment.UntilDone(stub, few * 3, Stopwatch.StartNew());
        var first = Cpu.Memory(node.Id).NowMb;
        await BenchEnvironment.Enrol(node, sequence, many - few, null, from: few);
        await environment.UntilDone(stub, many * 3, Stopwatch.StartNew());
        var (last, peak) = Cpu.Memory(node.Id);
        return
        [
            new($"memory after {few * 3:N0} steps", "MB", first),
            new($"memory after {many * 3:N0} steps", "MB", last),
            new("growth of memory between", "", last / first, Bar.Most(1.1)),
            new("memory at its peak", "MB", peak, Bar.Most(400)),
        ];
    }

    private static async Task<IEnumerable<Reading>> Start(BenchEnvironment environment, Size size)
    {
        using var stub = await Stub.Start(TimeSpan.Zero);
        using (await environment.Node(stub))
        {
            // The database exists now, with all tables.
        }

        var watch = Stopwatch.StartNew();
        using var node = environment.Launch(stub);
        await node.IsReady();
        return [new("start to ready", "s", watch.Elapsed.TotalSeconds, Bar.Most(2))];
    }
}
