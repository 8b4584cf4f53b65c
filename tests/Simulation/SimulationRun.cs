using FollowUp.Application.Dispatch;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Scheduling;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using NodaTime;

namespace FollowUp.Simulation;

/// <summary>What a run came to.</summary>
internal sealed record Outcome(ulong Seed, string? Breach, ulong Hash, int Steps, int Accepted, IReadOnlyList<string> Story)
{
    /// <summary>At which points machines crashed or were suspended.</summary>
    public required IReadOnlyCollection<string> CutAt { get; init; }
}

/// <summary>
/// Nodes, a store, a provider and people, all on one thread, all from one seed. First chaos; then everything heals, and whatever was begun
/// must come to its end.
/// </summary>
internal sealed class SimulationRun
{
    private const int Nodes = 3;
    private static readonly OwnerId Owner = new(Guid.Parse("0195f000-0000-7000-8000-000000000001"));

    private readonly SeededRandom _dice;
    private readonly Faults _faults;
    private readonly HistoryChecker _witness = new();
    private readonly Node[] _nodes = new Node[Nodes];
    private People _people;
    private readonly HashSet<string> _cutAt = [];
    private int _starts;

    private SimulationRun(ulong seed, Mutation mutation, bool keepStory)
    {
        _dice = new SeededRandom(seed);
        _faults = new Faults(_dice);
        Scheduler = new Scheduler(_dice, keepStory);
        Store = new ModelStore(() => Scheduler.Now, _dice.Id, NewOptions())
        {
            Mutation = mutation,
            Witness = _witness,
            Later = run => Scheduler.In(TimeSpan.Zero, null, "lock is free", 0, run),
            Slowly = Slowly,
        };
        _witness.Store = Store;
        Provider = new ModelProvider(Scheduler, _dice, _faults, Store, _witness);
        for (var i = _dice.Below(2); i >= 0; i--)
        {
            Store.Add(Sequence.Create(Owner, "Follow-up", null, true, NewSteps(), Scheduler.Now, NewSchedule()).Value);
        }

        for (var i = 0; i < Nodes; i++)
        {
            Boot(i);
        }

        _people = new People(this, NewMachine("people"), _dice);
    }

    public Scheduler Scheduler { get; }

    public ModelStore Store { get; }

    public ModelProvider Provider { get; }

    /// <summary>Runs one seed from the start to the end.</summary>
    public static Outcome Run(ulong seed, Mutation mutation = Mutation.None, bool keepStory = false)
    {
        var context = SynchronizationContext.Current;
        try
        {
            var world = new SimulationRun(seed, mutation, keepStory);
            world.Live();
            return new(
                seed,
                world._witness.Breach,
                world.Scheduler.Hash,
                world.Scheduler.Steps,
                world._witness.AcceptedInAll,
                world.Scheduler.Story
            )
            {
                CutAt = world._cutAt,
            };
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    public IWire WireOf(SimulatedProcess machine) => new FaultyWire(machine, Scheduler, _dice, _faults);

    public Transactions TransactionsOf(SimulatedProcess machine, IWire wire) => new(Store, wire, machine, Scheduler, _dice);

    /// <summary>Starts work that nobody waits for; only its machine's crash may keep it from ending well.</summary>
    public void Start(SimulatedProcess machine, string what, Func<Task> work, int subject = 0)
    {
        Scheduler.In(TimeSpan.Zero, machine, what, subject, () => _ = Watched());

        async Task Watched()
        {
            try
            {
                await work();
            }
            catch (Exception failure)
            {
                _witness.Breached($"{machine.Name} failed: {failure}");
            }
        }
    }

    /// <summary>The NOTIFY after a commit, which may be lost.</summary>
    public void WakeAll()
    {
        foreach (var node in _nodes)
        {
            if (_dice.Chance(0.9))
            {
                Scheduler.In(_faults.Latency(), node.Machine, "is woken", 0, node.Wake);
            }
        }
    }

    public IReadOnlyList<Step> NewSteps() =>
        [
            .. Enumerable
                .Range(0, 1 + _dice.Below(4))
                .Select(
                    Step (place) =>
                        _dice.Below(4) switch
                        {
                            0 => WaitStep.Of(_dice.Of("PT0S", "PT1S", "PT1M", "PT4M"))!,
                            1 => new SmsStep($"{place}"),
                            _ => new EmailStep($"{place}", "<p>Hi</p>"),
                        }
                ),
        ];

    /// <summary>At times one that opens a few minutes after the start, and has not closed when all has come to rest.</summary>
    private Schedule? NewSchedule() => _dice.Chance(0.3) ? new("UTC", null, null, new LocalTime(12, 1 + _dice.Below(6)), null, null) : null;

    public Recipient Somebody() =>
        new(
            EmailAddress.Parse($"person{_dice.Below(8)}@example.com")!.Value,
            "Anna Schmidt",
            PhoneNumber.Parse($"+49151123456{_dice.Below(10)}0"),
            null
        );

    private DispatchOptions NewOptions() =>
        new()
        {
            Lanes = 1 + _dice.Below(3),
            Retry = RetryPolicy.Default with { Jitter = 0 },
            DoubtGrace = TimeSpan.FromMinutes(3),
            ResendDoubts = _dice.Chance(0.3),
            MaxLateness = _dice.Chance(0.2) ? TimeSpan.FromMinutes(4) : TimeSpan.FromDays(3),
            SweepInterval = TimeSpan.FromSeconds(20),
            Node = "",
        };

    private SimulatedProcess NewMachine(string name) =>
        new($"{name}.{++_starts}", Scheduler, _dice.Between(-3600, 3600), _dice.Between(0, 1_000_000));

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
        _nodes[place] = new Node(this, NewMachine($"n{place + 1}"));
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
            // Such as a row that cannot be: the promises are long broken by then.
            _witness.Breached($"the store broke: {failure}");
        }
    }

    private void Chaos()
    {
        var end = Scheduler.Now + _dice.Between(60, 420);
        Scheduler.Interferes = Interfere;
        ComesTheMonkey();
        ComeThePeople();
        while (Scheduler.Now < end && _witness.Breach is null)
        {
            Scheduler.Step();
        }
    }

    /// <summary>Every await is as good a point as any other to crash at, or to be suspended.</summary>
    private bool Interfere(SimulatedProcess machine, string at)
    {
        // A step's instance is seldom read again, and each run should be cut off there somewhere.
        var chance = at.StartsWith("reads again", StringComparison.Ordinal) ? 0.1 : 0.006;
        if (!_faults.On || !_dice.Chance(chance))
        {
            return false;
        }

        _cutAt.Add(at);
        var place = Array.FindIndex(_nodes, node => node.Machine == machine);
        if (place < 0)
        {
            return false;
        }

        if (_dice.Chance(0.5))
        {
            Crash(place);
        }
        else
        {
            machine.SuspendedUntil = Scheduler.Now + _dice.Between(0, 150);
        }

        Scheduler.Note($"cut off before: {at}", place);
        return true;
    }

    private void ComeThePeople()
    {
        if (_faults.On)
        {
            Start(_people.Machine, "people come", _people.DoSomething);
            Scheduler.In(_dice.Between(0, 20), null, "next person", 0, ComeThePeople);
        }
    }

    private void ComesTheMonkey()
    {
        if (!_faults.On)
        {
            return;
        }

        var place = _dice.Below(Nodes);
        switch (_dice.Below(12))
        {
            case < 2:
                Crash(place);
                break;
            case < 4:
                _nodes[place].Machine.SuspendedUntil = Scheduler.Now + _dice.Between(0, 150);
                break;
            case < 6:
                _nodes[place].Stopping = true;
                _nodes[place].Wake();
                Scheduler.In(TimeSpan.FromSeconds(30), null, "drained", place, () => Crash(place));
                break;
            case < 9:
                Provider.DownUntil = Scheduler.Now + _dice.Between(1, 120);
                break;
            case 10:
                _people.Crash();
                _people = new People(this, NewMachine("people"), _dice);
                break;
            default:
                break;
        }

        Scheduler.In(_dice.Between(0, 60), null, "monkey comes", 0, ComesTheMonkey);
    }

    private void Crash(int place)
    {
        if (!_nodes[place].Machine.Crashed)
        {
            _nodes[place].Crash();
            Scheduler.In(_dice.Between(0, 60), null, "boots", place, () => Boot(place));
        }
    }

    private void Heal()
    {
        _faults.On = false;
        Provider.DownUntil = default;
        foreach (var machine in _nodes.Select(n => n.Machine).Append(_people.Machine))
        {
            machine.SuspendedUntil = default;
        }

        var last = Scheduler.Now + TimeSpan.FromHours(6);
        var rest = false;
        Visit();
        while (!rest && Scheduler.Now < last && _witness.Breach is null && Scheduler.Step()) { }

        foreach (var row in Store.Rows)
        {
            _witness.AtRest(row);
        }

        void Visit()
        {
            rest = !Store.Rows.Exists(IsOpen);
            Store.Sequences.FindAll(s => !s.Enabled).ForEach(s => Store.Enable(s, true));
            foreach (var row in Store.Rows.Where(IsOpen))
            {
                Start(_people.Machine, "help comes", () => _people.Help(row), row.Number);
            }

            Scheduler.In(TimeSpan.FromMinutes(1), null, "visit", 0, Visit);
        }
    }

    private static bool IsOpen(Row row) =>
        row.Instance.Job is not null || row.Instance.Status is not (InstanceStatus.Completed or InstanceStatus.Stopped);
}
