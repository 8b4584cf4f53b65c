using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;

namespace FollowUp.Simulation;

/// <summary>
/// A worker: the pump, the renewal and the sweep around the product's own <see cref="ExecuteStepHandler"/> and
/// <see cref="RecoverStepHandler"/>. It lives for one start of a <see cref="Machine"/>.
/// </summary>
internal sealed class Node
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private readonly SimulationRun _world;
    private readonly NodeStore _store;
    private readonly DispatchOptions _options;
    private readonly Ports _ports;
    private readonly Transactions _transactions;
    private readonly List<ClaimedStep> _inHand = [];
    private TaskCompletionSource? _sleep;

    public Node(SimulationRun world, SimulatedProcess machine)
    {
        (_world, Machine) = (world, machine);
        _options = world.Store.Options with { Node = machine.Name };
        var wire = world.WireOf(machine);
        _store = new NodeStore(world.Store, wire, machine, _options);
        _ports = new Ports(_store, world.Store, world.Provider.SendersOf(machine), _options, machine.Time);
        _transactions = world.TransactionsOf(machine, wire);
    }

    public SimulatedProcess Machine { get; }

    public bool Stopping { get; set; }

    /// <summary>Starts its three loops.</summary>
    public void Start()
    {
        _world.Start(Machine, "pump starts", Pump);
        _world.Start(Machine, "renewal starts", Renew);
        _world.Start(Machine, "sweep starts", Sweep);
    }

    public void Wake()
    {
        var sleep = _sleep;
        _sleep = null;
        sleep?.TrySetResult();
    }

    /// <summary>Ends it as a power cut does.</summary>
    public void Crash()
    {
        Machine.Crashed = true;
        _transactions.Sever();
    }

    private async Task Pump()
    {
        while (!Stopping)
        {
            var pause = Idle;
            var free = _options.Lanes - _inHand.Count;
            if (free > 0)
            {
                try
                {
                    pause = await Fill(free);
                }
                catch (ConnectionLostException)
                {
                    pause = TimeSpan.FromSeconds(1);
                }
            }

            await Sleep(pause);
        }
    }

    private async Task<TimeSpan> Fill(int free)
    {
        var claim = await _store.Claim(free);
        foreach (var step in claim.Steps)
        {
            if (Stopping)
            {
                await _store.GiveBack(step, CancellationToken.None);
            }
            else
            {
                _inHand.Add(step);
                _world.Start(Machine, "begins", () => CarryOut(step), _world.Store.Find(step.Instance.Id)?.Number ?? 0);
            }
        }

        var longest = claim.AnyOpen ? TimeSpan.FromSeconds(2) : Idle;
        return claim.NextDue is not { } next || next > longest ? longest
            : next > TimeSpan.Zero ? next
            : _inHand.Count < _options.Lanes ? TimeSpan.Zero
            : Idle;
    }

    private async Task CarryOut(ClaimedStep step)
    {
        try
        {
            await _ports.Make<ExecuteStepHandler>().Handle(new ExecuteStep(step), CancellationToken.None);
        }
        catch (ConnectionLostException)
        {
            // As in the product: the lease runs out, and the sweep takes the step back.
        }
        finally
        {
            _inHand.Remove(step);
            Wake();
        }
    }

    private async Task Renew()
    {
        while (true)
        {
            await Machine.Delay(_options.RenewInterval, "renewal is due");
            if (_inHand.Count > 0)
            {
                try
                {
                    await _store.Renew([.. _inHand]);
                }
                catch (ConnectionLostException)
                {
                    // The next one tries again.
                }
            }
        }
    }

    private async Task Sweep()
    {
        while (!Stopping)
        {
            await Machine.Delay(_options.SweepInterval, "sweep is due");
            try
            {
                await SweepOnce();
            }
            catch (ConnectionLostException)
            {
                // The next one tries again.
            }
        }
    }

    private async Task SweepOnce()
    {
        IReadOnlyList<InstanceId> abandoned = await new Session(_world.Store, _world.WireOf(Machine), Machine.Name).Find(
            _options.ResendDoubts,
            500,
            CancellationToken.None
        );
        foreach (var id in abandoned)
        {
            await _transactions.Run(ports => ports.Make<RecoverStepHandler>().Handle(new RecoverStep(id), CancellationToken.None));
        }

        if (abandoned.Count > 0)
        {
            Wake();
        }
    }

    private Task Sleep(TimeSpan pause)
    {
        var sleep = _sleep = new TaskCompletionSource();
        _world.Scheduler.In(
            pause,
            Machine,
            "polls",
            0,
            () =>
            {
                if (_sleep == sleep)
                {
                    Wake();
                }
            }
        );
        return sleep.Task;
    }
}
