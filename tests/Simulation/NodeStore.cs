using FollowUp.Application.Delivery;
using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Quotas;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;

namespace FollowUp.Simulation;

/// <summary>The result of a claim, like the product's record of that name.</summary>
internal sealed record Claim(IReadOnlyList<ClaimedStep> Steps, TimeSpan? NextDue, bool AnyOpen);

/// <summary>The engine's ports for one node, over its connection, with the retries of the product's outbox.</summary>
internal sealed class NodeStore(ModelStore store, IWire wire, SimulatedProcess process, DispatchOptions options)
    : IStepOutbox,
        IBreakers,
        ISendQuota
{
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(250);

    private List<(Channel Channel, bool Open, bool MayProbe)> _troubled = [];

    public async Task<Claim> Claim(int lanes)
    {
        var steps = await Claim(lanes, null);
        (_troubled, var next) = await wire.Ask<(List<(Channel, bool, bool)>, TimeSpan?)>(
            "reads breakers and what is next",
            0,
            give => give((store.Troubled(), store.NextDue()))
        );
        foreach (var (channel, _, mayProbe) in _troubled.ToList())
        {
            if (
                mayProbe
                && steps.Count < lanes
                && await wire.Ask<InstanceId?>("begins probe", 0, give => give(store.BeginProbe(channel))) is { } probe
            )
            {
                steps.AddRange(await Claim(1, probe));
            }
        }

        return new Claim(steps, steps.Count == lanes ? TimeSpan.Zero : next, _troubled.Exists(t => t.Open));
    }

    public async Task Renew(IReadOnlyList<ClaimedStep> steps)
    {
        var asked = process.Time.GetTimestamp();
        List<(Guid, int)> held = [.. steps.Select(s => (s.Fence.JobId, s.Fence.Attempt))];
        foreach (var id in await wire.Ask<List<Guid>>("renews", 0, give => give(store.Renew(options.Node, held))))
        {
            steps.Last(s => s.Fence.JobId == id).Lease.Renewed(asked);
        }
    }

    public Task<WriteBack> Complete(StepCompletion completion, CancellationToken cancellationToken) =>
        UntilItIsWritten<WriteBack>("writes back", completion.Step, give => store.Complete(completion, options.Node, give));

    public Task GiveBack(ClaimedStep step, CancellationToken cancellationToken) =>
        wire.Ask<bool>("gives back", Number(step), give => store.GiveBack(step, options.Node, () => give(true)));

    public Task Unsent(ClaimedStep step, CancellationToken cancellationToken) =>
        wire.Ask<bool>(
            "notes that nothing was sent",
            Number(step),
            give =>
            {
                store.Unsent(step);
                give(true);
            }
        );

    public async Task<ClaimedStep?> Refresh(ClaimedStep step, CancellationToken cancellationToken)
    {
        var fresh = await UntilItIsWritten<Domain.Instances.Instance?>("reads again", step, give => give(store.Refresh(step)));
        return fresh is null ? null : step with { Instance = fresh, Revision = fresh.Revision };
    }

    public Task<bool> Failed(Channel channel, ClaimedStep step, ProviderFailure failure, CancellationToken cancellationToken)
    {
        _troubled = [.. _troubled, (channel, false, false)];
        return UntilItIsWritten<bool>(
            "notes a failure",
            step,
            give => give(store.BreakerFailed(channel, step.Instance, step.IsProbe, failure.RetryAfter))
        );
    }

    public Task Accepted(Channel channel, ClaimedStep step, CancellationToken cancellationToken) =>
        _troubled.Exists(t => t.Channel == channel)
            ? UntilItIsWritten<bool>(
                "notes an accepted message",
                null,
                give =>
                {
                    store.BreakerAccepted(channel, step.Instance);
                    give(false);
                }
            )
            : Task.CompletedTask;

    public Task Refused(Channel channel, InstanceId instance, CancellationToken cancellationToken) =>
        UntilItIsWritten<bool>(
            "notes a refused probe",
            null,
            give =>
            {
                store.BreakerRefused(channel, instance);
                give(false);
            }
        );

    public Task SentNothing(Channel channel, InstanceId instance, CancellationToken cancellationToken) =>
        UntilItIsWritten<bool>(
            "notes a probe that sent nothing",
            null,
            give =>
            {
                store.BreakerSentNothing(channel, instance);
                give(false);
            }
        );

    public async Task<QuotaResult> Take(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!step.IsLimited || channel != Channel.Email)
        {
            return default;
        }

        while (true)
        {
            try
            {
                return await wire.Ask<QuotaResult>(
                    "takes a slot",
                    Number(step),
                    give => give(store.TakeSlot(step.Instance.OwnerId, step.AttemptId ?? default))
                );
            }
            catch (ConnectionLostException) when (step.Lease.IsSafe)
            {
                await process.Delay(RetryEvery, "tries again");
            }
        }
    }

    public async Task GiveBack(ClaimedStep step, Channel channel, SendSlot? slot)
    {
        if (slot is null)
        {
            return;
        }

        try
        {
            await wire.Ask<bool>("gives a slot back", 0, give => give(true));
        }
        catch (ConnectionLostException)
        {
            // It stays counted.
        }
    }

    private async Task<List<ClaimedStep>> Claim(int most, InstanceId? probe)
    {
        var asked = process.Time.GetTimestamp();
        var rows = await wire.Ask<List<ClaimedRow>>("claims", 0, give => store.Claim(options.Node, most, probe, give));
        var length = store.Mutation == Mutation.NoLeaseCheck ? TimeSpan.FromDays(1000) : options.Lease;
        return rows.ConvertAll(row => new ClaimedStep
        {
            Instance = row.Instance,
            Revision = row.Instance.Revision,
            AttemptId = row.AttemptId,
            SequenceName = row.SequenceName,
            SequenceEnabled = row.Enabled,
            IsScheduled = row.IsScheduled,
            IsLimited = row.IsLimited,
            Suppressed = row.Suppressed,
            IsProbe = row.IsProbe,
            ClaimedAt = row.ClaimedAt,
            Timestamp = process.Time.GetTimestamp(),
            Lease = new Lease(process.Time, length, asked),
            Fence = (row.Instance.Job!.Id, row.Instance.Job.Attempt, options.Node),
        });
    }

    private async Task<T> UntilItIsWritten<T>(string what, ClaimedStep? step, Action<Action<T>> serve)
    {
        while (true)
        {
            try
            {
                return await wire.Ask(what, Number(step), serve);
            }
            catch (ConnectionLostException)
            {
                await process.Delay(RetryEvery, "tries again");
            }
        }
    }

    private int Number(ClaimedStep? step) => step is null ? 0 : store.Find(step.Instance.Id)?.Number ?? 0;
}
