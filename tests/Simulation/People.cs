using Ardalis.Result;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Shared;

namespace FollowUp.Simulation;

/// <summary>People who come in between, through the product's own commands, from a machine that may fail them too.</summary>
internal sealed class People(SimulationRun world, SimulatedProcess machine, SeededRandom dice)
{
    private readonly IWire _wire = world.WireOf(machine);
    private readonly Transactions _transactions = world.TransactionsOf(machine, world.WireOf(machine));

    public SimulatedProcess Machine => machine;

    public void Crash()
    {
        machine.Crashed = true;
        _transactions.Sever();
    }

    /// <summary>Does something, at random; nothing when there is nobody to do it to.</summary>
    public async Task DoSomething()
    {
        try
        {
            if (world.Store.Rows.Count == 0 || dice.Chance(0.25))
            {
                await ToSequence(dice.Below(8));
            }
            else
            {
                await ToInstance(world.Store.Rows[dice.Below(world.Store.Rows.Count)], dice.Below(20));
            }
        }
        catch (ConnectionLostException)
        {
            // They were told that it did not work; it may have, all the same.
        }
    }

    /// <summary>Helps an instance on that waits for somebody.</summary>
    public async Task Help(Row row)
    {
        var id = row.Instance.Id;
        if (row.Instance.Job?.State == JobState.InDoubt)
        {
            await Resolve(id, Resolution.Sent);
        }
        else if (row.Instance.Status == InstanceStatus.Paused)
        {
            await Resume(id, ResumeTiming.Shift);
        }
        else if (row.Instance.Status == InstanceStatus.Failed)
        {
            await Skip(id);
        }
    }

    private Task ToInstance(Row row, int what)
    {
        var id = row.Instance.Id;
        return what switch
        {
            < 5 => Pause(id),
            < 10 => Resume(id, dice.Of(ResumeTiming.Shift, ResumeTiming.Keep, ResumeTiming.Restart)),
            10 => Stop(id),
            < 13 => Retry(id),
            13 => Skip(id),
            < 18 => Resolve(id, dice.Of(Resolution.Sent, Resolution.Resend)),
            18 => Suppress(row),
            _ => PauseAndResume(id),
        };
    }

    private async Task PauseAndResume(InstanceId id)
    {
        await Pause(id);
        await Resume(id, ResumeTiming.Keep);
    }

    private Task Pause(InstanceId id) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Pause), default));

    private Task Resume(InstanceId id, ResumeTiming timing) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Resume(timing)), default));

    private Task Stop(InstanceId id)
    {
        var reason = dice.Of(StopReason.Manual, StopReason.Replied, StopReason.Unsubscribed);
        return Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Stop(reason)), default));
    }

    private Task Retry(InstanceId id) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Retry), default));

    private Task Skip(InstanceId id) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Skip), default));

    private Task Resolve(InstanceId id, Resolution outcome) =>
        Run(ports => ports.Make<ActOnInstanceHandler>().Handle(new ActOnInstance(id, InstanceAction.Resolve(outcome)), default));

    private async Task Run<T>(Func<Ports, Task<Result<T>>> command)
    {
        await _transactions.Run(command);
        world.WakeAll();
    }

    private Task<bool> Suppress(Row row)
    {
        var (channel, address) = dice.Chance(0.5)
            ? (Channel.Email, row.Instance.Recipient.Email.Key)
            : (Channel.Sms, row.Instance.Recipient.Phone!.Value.Value);
        var suppression = Suppression.Create(
            row.Instance.OwnerId,
            channel,
            address,
            StopReason.Complained,
            SuppressionSource.User,
            world.Store.Now
        );
        return Tell("suppresses", row.Number, () => world.Store.Suppress(suppression));
    }

    private async Task ToSequence(int what)
    {
        var store = world.Store;
        if (store.Sequences.Count == 0)
        {
            return;
        }

        var sequence = store.Sequences[dice.Below(store.Sequences.Count)];
        switch (what)
        {
            case 0 or 1:
                await Tell("enables or disables", 0, () => store.Enable(sequence, !sequence.Enabled));
                break;
            case 2:
                var steps = world.NewSteps();
                await Tell("edits", 0, () => store.Edit(sequence, steps));
                break;
            case 4:
                int? most = dice.Chance(0.6) ? 1 + dice.Below(3) : null;
                await Tell("limits or lifts the limit", 0, () => store.MostPerMinute = most);
                break;
            case 3 when dice.Chance(0.1):
                await Tell("deletes", 0, () => store.Delete(sequence));
                break;
            default:
                var recipient = world.Somebody();
                await Tell("enrols", 0, () => store.Enroll(sequence, recipient));
                break;
        }

        world.WakeAll();
    }

    private Task<bool> Tell(string what, int subject, Action change) =>
        _wire.Ask<bool>(
            what,
            subject,
            give =>
            {
                change();
                give(true);
            }
        );
}
