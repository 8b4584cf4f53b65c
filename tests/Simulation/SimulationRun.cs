using FollowUp.Application.Dispatch;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using NodaTime;

namespace FollowUp.Simulation;

/// <summary>The result of a run.</summary>
internal sealed record Outcome(ulong Seed, string? Breach, ulong Hash, int Steps, int Accepted, IReadOnlyList<string> Trace)
{
    /// <summary>The awaits before which a process crashed or was suspended.</summary>
    public required IReadOnlyCollection<string> CutAt { get; init; }
}

/// <summary>
/// Simulates nodes, a store, a provider and users on one thread, from one seed: first with faults, then without. After the faults every
/// instance must reach a final state.
/// </summary>
internal sealed class SimulationRun
{
    private const int Nodes = 3;
    private static readonly OwnerId Owner = new(Guid.Parse("0195f000-0000-7000-8000-000000000001"));

    private readonly SeededRandom _random;
    private readonly Faults _faults;
    private readonly HistoryChecker _checker = new();
    private readonly Node[] _nodes = new Node[Nodes];
    private UserCommands _users;
    private readonly HashSet<string> _cutAt = [];
    private int _starts;

    private SimulationRun(ulong seed, Mutation mutation, bool keepTrace)
    {
        _random = new SeededRandom(seed);
        _faults = new Faults(_random);
        Scheduler = new Scheduler(_random, keepTrace);
        Store = new ModelStore(() => Scheduler.Now, _random.Id, NewOptions())
        {
            Mutation = mutation,
            Checker = _checker,
            Later = run => Scheduler.In(TimeSpan.Zero, null, "lock is free", 0, run),
            Slowly = Slowly,
        };
        _checker.Store = Store;
        Provider = new ModelProvider(Scheduler, _random, _faults, Store, _checker);
        for (var i = _random.Below(2); i >= 0; i--)
        {
            Store.Add(Sequence.Create(Owner, "Follow-up", null, true, NewSteps(), Scheduler.Now, NewSchedule()).Value);
        }

        for (var i = 0; i < Nodes; i++)
        {
            Boot(i);
        }

        _users = new UserCommands(this, NewProcess("users"), _random);
    }

    public Scheduler Scheduler { get; }

    public ModelStore Store { get; }

    public ModelProvider Provider { get; }

    /// <summary>Runs one seed from the start to the end.</summary>
    public static Outcome Run(ulong seed, Mutation mutation = Mutation.None, bool keepTrace = false)
    {
        var context = SynchronizationContext.Current;
        try
        {
            var run = new SimulationRun(seed, mutation, keepTrace);
            run.Live();
            return new(seed, run._checker.Breach, run.Scheduler.Hash, run.Scheduler.Steps, run._checker.AcceptedInAll, run.Scheduler.Trace)
            {
                CutAt = run._cutAt,
            };
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public IWire WireOf(SimulatedProcess process) => new FaultyWire(process, Scheduler, _random, _faults);

    public Transactions TransactionsOf(SimulatedProcess process, IWire wire) => new(Store, wire, process, Scheduler, _random);

    /// <summary>Starts background work. An exception is a breach: only a crash of its process may end it early.</summary>
    public void Start(SimulatedProcess process, string what, Func<Task> work, int subject = 0)
    {
        Scheduler.In(TimeSpan.Zero, process, what, subject, () => _ = Watched());

        async Task Watched()
        {
            try
            {
                await work();
            }
            catch (Exception failure)
            {
                _checker.Breached($"{process.Name} failed: {failure}");
            }
        }
    }

    /// <summary>The NOTIFY after a commit, which may be lost.</summary>
    public void WakeAll()
    {
        foreach (var node in _nodes)
        {
            if (_random.Chance(0.9))
            {
                Scheduler.In(_faults.Latency(), node.Process, "is woken", 0, node.Wake);
            }
        }
    }

    public IReadOnlyList<Step> NewSteps() =>
        [
            .. Enumerable
                .Range(0, 1 + _random.Below(4))
                .Select(
                    Step (place) =>
                        _random.Below(4) switch
                        {
                            0 => WaitStep.Of(_random.Of("PT0S", "PT1S", "PT1M", "PT4M"))!,
                            1 => new SmsStep($"{place}"),
                            _ => new EmailStep($"{place}", "<p>Hi</p>"),
                        }
                ),
        ];

    /// <summary>Sometimes a window that opens minutes after the start and stays open until the end of the run.</summary>
    private Schedule? NewSchedule() =>
        _random.Chance(0.3) ? new("UTC", null, null, new LocalTime(12, 1 + _random.Below(6)), null, null) : null;

    public Recipient NewRecipient() =>
        new(
            EmailAddress.Parse($"person{_random.Below(8)}@example.com")!.Value,
            "Anna Schmidt",
            PhoneNumber.Parse($"+49151123456{_random.Below(10)}0"),
            null
        );

    private DispatchOptions NewOptions() =>
        new()
        {
            Lanes = 1 + _random.Below(3),
            Retry = RetryPolicy.Default with { Jitter = 0 },
            DoubtGrace = TimeSpan.FromMinutes(3),
            ResendDoubts = _random.Chance(0.3),
            MaxLateness = _random.Chance(0.2) ? TimeSpan.FromMinutes(4) : TimeSpan.FromDays(3),
            SweepInterval = TimeSpan.FromSeconds(20),
            Node = "",
        };

    private SimulatedProcess NewProcess(string name) =>
        new($"{name}.{++_starts}", Scheduler, _random.Between(-3600, 3600), _random.Between(0, 1_000_000));

    private void Slowly(string what, Action run)
    {
        if (_faults.Slowness() is { } slowness)
        {
            Scheduler.In(slowness, null, what, 0, run);
        }
        else
        {
            run();
        }
    }

    private void Boot(int place)
    {
        _nodes[place] = new Node(this, NewProcess($"n{place + 1}"));
        _nodes[place].Start();
    }

    private void Live()
    {
        try
        {
            Chaos();
            Heal();
        }
        catch (Exception failure)
        {
            // Such as an impossible row: an invariant was broken before.
            _checker.Breached($"the store broke: {failure}");
        }
    }

    private void Chaos()
    {
        var end = Scheduler.Now + _random.Between(60, 420);
        Scheduler.ShouldInterrupt = Interrupt;
        InjectFaults();
        RunUserCommands();
        while (Scheduler.Now < end && _checker.Breach is null)
        {
            Scheduler.Step();
        }
    }

    /// <summary>Crashes or suspends a node before any of its awaits.</summary>
    private bool Interrupt(SimulatedProcess process, string at)
    {
        // A step's instance is seldom read again; a higher probability lets the runs reach this point too.
        var chance = at.StartsWith("reads again", StringComparison.Ordinal) ? 0.1 : 0.006;
        if (!_faults.On || !_random.Chance(chance))
        {
            return false;
        }

        _cutAt.Add(at);
        var place = Array.FindIndex(_nodes, node => node.Process == process);
        if (place < 0)
        {
            return false;
        }

        if (_random.Chance(0.5))
        {
            Crash(place);
        }
        else
        {
            process.SuspendedUntil = Scheduler.Now + _random.Between(0, 150);
        }

        Scheduler.Note($"cut off before: {at}", place);
        return true;
    }

    private void RunUserCommands()
    {
        if (_faults.On)
        {
            Start(_users.Process, "users act", _users.RunAny);
            Scheduler.In(_random.Between(0, 20), null, "next user", 0, RunUserCommands);
        }
    }

    private void InjectFaults()
    {
        if (!_faults.On)
        {
            return;
        }

        var place = _random.Below(Nodes);
        switch (_random.Below(12))
        {
            case < 2:
                Crash(place);
                break;
            case < 4:
                _nodes[place].Process.SuspendedUntil = Scheduler.Now + _random.Between(0, 150);
                break;
            case < 6:
                _nodes[place].Stopping = true;
                _nodes[place].Wake();
                Scheduler.In(TimeSpan.FromSeconds(30), null, "drained", place, () => Crash(place));
                break;
            case < 9:
                Provider.DownUntil = Scheduler.Now + _random.Between(1, 120);
                break;
            case 10:
                _users.Crash();
                _users = new UserCommands(this, NewProcess("users"), _random);
                break;
            default:
                break;
        }

        Scheduler.In(_random.Between(0, 60), null, "injects a fault", 0, InjectFaults);
    }

    private void Crash(int place)
    {
        if (!_nodes[place].Process.Crashed)
        {
            _nodes[place].Crash();
            Scheduler.In(_random.Between(0, 60), null, "boots", place, () => Boot(place));
        }
    }

    private void Heal()
    {
        _faults.On = false;
        Provider.DownUntil = default;
        foreach (var process in _nodes.Select(n => n.Process).Append(_users.Process))
        {
            process.SuspendedUntil = default;
        }

        var last = Scheduler.Now + TimeSpan.FromHours(6);
        var rest = false;
        Visit();
        while (!rest && Scheduler.Now < last && _checker.Breach is null && Scheduler.Step()) { }

        foreach (var row in Store.Rows)
        {
            _checker.AtRest(row);
        }

        void Visit()
        {
            rest = !Store.Rows.Exists(IsOpen);
            Store.Sequences.FindAll(s => !s.Enabled).ForEach(s => Store.Enable(s, true));
            foreach (var row in Store.Rows.Where(IsOpen))
            {
                Start(_users.Process, "operator acts", () => _users.Help(row), row.Number);
            }

            Scheduler.In(TimeSpan.FromMinutes(1), null, "visit", 0, Visit);
        }
    }

    private static bool IsOpen(Row row) =>
        row.Instance.Job is not null || row.Instance.Status is not (InstanceStatus.Completed or InstanceStatus.Stopped);
}
