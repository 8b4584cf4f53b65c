using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;

namespace FollowUp.Simulation;

/// <summary>
/// A worker: the pump, the renewal and the sweep around the product's own <see cref="ExecuteStepHandler"/> and
/// <see cref="RecoverStepHandler"/>, for one start of a <see cref="Process"/>.
/// </summary>
internal sealed class Node
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private readonly SimulationRun _run;
    private readonly NodeStore _store;
    private readonly DispatchOptions _options;
    private readonly Ports _ports;
    private readonly Transactions _transactions;
    private readonly List<ClaimedStep> _inHand = [];
    private TaskCompletionSource? _sleep;

    public Node(SimulationRun run, SimulatedProcess process)
    {
        (_run, Process) = (run, process);
        _options = run.Store.Options with { Node = process.Name };
        var wire = run.WireOf(process);
        _store = new NodeStore(run.Store, wire, process, _options);
        _ports = new Ports(_store, run.Store, run.Provider.SendersOf(process), _options, process.Time);
        _transactions = run.TransactionsOf(process, wire);
    }

    public SimulatedProcess Process { get; }

    public bool Stopping { get; set; }

    /// <summary>Starts its three loops.</summary>
    public void Start()
    {
        _run.Start(Process, "pump starts", Pump);
        _run.Start(Process, "renewal starts", Renew);
        _run.Start(Process, "sweep starts", Sweep);
    }

    public void Wake()
    {
        var sleep = _sleep;
        _sleep = null;
        sleep?.TrySetResult();
    }

    /// <summary>Ends the node without cleanup, as a power failure does.</summary>
    public void Crash()
    {
        Process.Crashed = true;
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
                _run.Start(Process, "begins", () => CarryOut(step), _run.Store.Find(step.Instance.Id)?.Number ?? 0);
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
            await Process.Delay(_options.RenewInterval, "renewal is due");
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
            await Process.Delay(_options.SweepInterval, "sweep is due");
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
        IReadOnlyList<InstanceId> abandoned = await new Session(_run.Store, _run.WireOf(Process), Process.Name).Find(
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
        _run.Scheduler.In(
            pause,
            Process,
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
