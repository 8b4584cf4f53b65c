using Ardalis.Result;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Domain.Shared;

namespace FollowUp.Simulation;

/// <summary>Runs the product's own commands concurrently with the nodes, in a process that can crash too.</summary>
internal sealed class UserCommands(SimulationRun run, SimulatedProcess process, SeededRandom random)
{
    private readonly IWire _wire = run.WireOf(process);
    private readonly Transactions _transactions = run.TransactionsOf(process, run.WireOf(process));

    public SimulatedProcess Process => process;

    public void Crash()
    {
        process.Crashed = true;
        _transactions.Sever();
    }

    /// <summary>Runs a random command on a random instance or sequence.</summary>
    public async Task RunAny()
    {
        try
        {
            if (run.Store.Rows.Count == 0 || random.Chance(0.25))
            {
                await ToSequence(random.Below(8));
            }
            else
            {
                await ToInstance(run.Store.Rows[random.Below(run.Store.Rows.Count)], random.Below(20));
            }
        }
        catch (ConnectionLostException)
        {
            // The command may have been committed although the user sees an error.
        }
    }

    /// <summary>Resolves, resumes or skips an instance that waits for a user.</summary>
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
            < 10 => Resume(id, random.Of(ResumeTiming.Shift, ResumeTiming.Keep, ResumeTiming.Restart)),
            10 => Stop(id),
            < 13 => Retry(id),
            13 => Skip(id),
            < 18 => Resolve(id, random.Of(Resolution.Sent, Resolution.Resend)),
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
        var reason = random.Of(StopReason.Manual, StopReason.Replied, StopReason.Unsubscribed);
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
        run.WakeAll();
    }

    private Task<bool> Suppress(Row row)
    {
        var (channel, address) = random.Chance(0.5)
            ? (Channel.Email, row.Instance.Recipient.Email.Key)
            : (Channel.Sms, row.Instance.Recipient.Phone!.Value.Value);
        var suppression = Suppression.Create(
            row.Instance.OwnerId,
            channel,
            address,
            StopReason.Complained,
            SuppressionSource.User,
            run.Store.Now
        );
        return Tell("suppresses", row.Number, () => run.Store.Suppress(suppression));
    }

    private async Task ToSequence(int what)
    {
        var store = run.Store;
        if (store.Sequences.Count == 0)
        {
            return;
        }

        var sequence = store.Sequences[random.Below(store.Sequences.Count)];
        switch (what)
        {
            case 0 or 1:
                await Tell("enables or disables", 0, () => store.Enable(sequence, !sequence.Enabled));
                break;
            case 2:
                var steps = run.NewSteps();
                await Tell("edits", 0, () => store.Edit(sequence, steps));
                break;
            case 4:
                int? most = random.Chance(0.6) ? 1 + random.Below(3) : null;
                await Tell("limits or lifts the limit", 0, () => store.MostPerMinute = most);
                break;
            case 3 when random.Chance(0.1):
                await Tell("deletes", 0, () => store.Delete(sequence));
                break;
            default:
                var recipient = run.NewRecipient();
                await Tell("enrols", 0, () => store.Enroll(sequence, recipient));
                break;
        }

        run.WakeAll();
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
