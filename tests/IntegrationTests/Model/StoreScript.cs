using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Domain.Instances;

namespace FollowUp.IntegrationTests.Model;

/// <summary>A script of operations with the expected answers, which PostgreSQL and its model must both give.</summary>
internal sealed class StoreScript(IStoreUnderTest store, DispatchOptions options)
{
    private static readonly StepConditions AllIsWell = new(true, null, true, TimeSpan.FromDays(3));
    private readonly List<string> _answers = [];

    public async Task<IReadOnlyList<string>> Play()
    {
        await ClaimsAndFences();
        await RevisionsAndGivingBack();
        await LeasesAndDoubts();
        await Failures();
        await DisabledAndSuppressed();
        await Breaker();
        return _answers;
    }

    private async Task ClaimsAndFences()
    {
        await store.Enroll();
        await store.Enroll();
        var first = (await Claim(0, 1)).Single();
        var second = (await Claim(1, 5)).Single();
        await Claim(0, 5);
        await Look(1, 2);

        await Complete("another node", 1, Outcome(first, Sent));
        var right = first.Fence;
        await Complete("an older claim", 0, Outcome(first with { Fence = (right.JobId, right.Attempt - 1, right.Owner) }, Sent, first));
        await Look(1);
        await Complete("the right one", 0, Outcome(first, Sent, first));
        await Complete("the right one again", 0, Outcome(first, Sent, first));
        await Look(1);
        await Complete("the other", 1, Outcome(second, Sent));
        await Look(2);
    }

    private async Task RevisionsAndGivingBack()
    {
        var steps = await Claim(0, 5);
        var (first, second) = (steps.Single(s => store.Number(s.Instance.Id) == 1), steps.Single(s => store.Number(s.Instance.Id) == 2));
        await store.Pause(2);
        await Look(2);
        await Complete("stale", 0, Outcome(second, new StepOutcome.WaitOver()));
        var fresh = await store.Refresh(0, second);
        await Complete("refreshed", 0, Outcome(fresh!, new StepOutcome.WaitOver()));
        await Look(2);
        await store.Resume(2);
        await Look(2);

        await store.GiveBack(1, first);
        await Look(1);
        await store.GiveBack(0, first);
        await store.GiveBack(0, first);
        await Look(1);
        Say($"refresh of what was given back: {await store.Refresh(0, first) is null}");
        await Complete("given back", 0, Outcome(first, new StepOutcome.WaitOver()));
        var again = (await Claim(0, 5)).Single(s => store.Number(s.Instance.Id) == 1);
        await Complete("claimed again", 0, Outcome(again, new StepOutcome.WaitOver()));
        await store.Stop(2);
        await Look(1, 2);
    }

    private async Task LeasesAndDoubts()
    {
        await store.Travel(TimeSpan.FromSeconds(61));
        await store.Sweep();
        await Look(1, 2);

        await store.Enroll();
        await store.Enroll();
        var steps = await Claim(1, 5);
        var (first, third, fourth) = (Of(steps, 1), Of(steps, 3), Of(steps, 4));
        await store.Travel(TimeSpan.FromSeconds(61));
        await store.Renew(1, third);
        await store.Renew(0, fourth);
        await store.Sweep();
        await Look(1, 3, 4);
        await Complete("after the sweep", 1, Outcome(fourth, Sent));
        await Complete("renewed", 1, Outcome(third, Sent));
        await store.Report(fourth.AttemptId!.Value);
        await store.Sweep();
        await store.Sweep();
        await Look(1, 3, 4);

        var waits = await Claim(0, 5);
        await store.Travel(TimeSpan.FromSeconds(61));
        await store.Sweep();
        await Look(3, 4);
        await Complete("a wait after the sweep", 0, Outcome(waits[0], new StepOutcome.WaitOver()));
        Say($"refresh after the sweep: {await store.Refresh(0, waits[0]) is null}");
        await Finish();
    }

    private async Task Failures()
    {
        await store.Enroll();
        var step = (await Claim(0, 5)).Single();
        await Complete("try failed", 0, Outcome(step, new StepOutcome.TryFailed("503", null, false), status: AttemptStatus.Retryable));
        await Look(5);
        await Claim(0, 5);
        await store.Travel(TimeSpan.FromSeconds(2));
        step = (await Claim(0, 5)).Single();
        await Complete("postponed", 0, Outcome(step, new StepOutcome.TryFailed("503", null, true), status: AttemptStatus.Retryable));
        await Look(5);
        step = (await Claim(1, 5)).Single();
        await Complete("rejected", 1, Outcome(step, new StepOutcome.Rejected("400", null), status: AttemptStatus.Rejected));
        await Look(5);
    }

    private async Task DisabledAndSuppressed()
    {
        await store.Enroll();
        await store.Enable(false);
        await Complete("disabled", 0, Begin((await Claim(0, 5)).Single()));
        await Look(6);
        await store.Enable(true);
        await Look(6);

        await store.Enable(false);
        var seen = (await Claim(0, 5)).Single();
        await store.Enable(true);
        await Complete("enabled since the claim", 0, Begin(seen));
        await store.GiveBack(0, seen);
        await Look(6);

        await store.Suppress(6);
        await Complete("suppressed", 0, Begin((await Claim(0, 5)).Single()));
        await Look(6);
    }

    private async Task Breaker()
    {
        for (var i = 7; i <= 11; i++)
        {
            await store.Enroll();
        }

        var steps = await Claim(0, 8);
        for (var i = 0; i < 6; i++)
        {
            Say($"one destination's own failure {i}: open {await store.Failed(0, Of(steps, 7))}");
        }

        for (var i = 8; i <= 11; i++)
        {
            Say($"failure of destination {i}: open {await store.Failed(0, Of(steps, i))}");
        }

        await store.Enroll();
        await store.Enroll();
        await Claim(1, 5);
        await store.Travel(TimeSpan.FromSeconds(6));
        var probe = (await Claim(1, 5)).Single();
        await Claim(0, 5);
        Say($"the probe fails: open {await store.Failed(1, probe)}");
        await store.GiveBack(1, probe);
        await store.Travel(TimeSpan.FromSeconds(11));
        var next = (await Claim(1, 5)).Single();
        Say($"the next probe is another instance's: {next.Instance.Id != probe.Instance.Id}");
        await store.Refused(1, next);
        await store.GiveBack(1, next);
        var last = (await Claim(1, 5)).Single();
        Say($"after a refused probe another one follows at once: {store.Number(last.Instance.Id)}");
        await store.Accepted(1, last);
        await store.GiveBack(1, last);
        // No claims from here on: the model does not have the rate at which PostgreSQL releases a backlog.
        await Look(7, 8, 9, 12, 13);
    }

    /// <summary>Executes the remaining steps of the script's instances.</summary>
    private async Task Finish()
    {
        while (await Claim(1, 5) is { Count: > 0 } steps)
        {
            foreach (var step in steps)
            {
                var sends = step.AttemptId is not null;
                await Complete("the rest", 1, Outcome(step, sends ? Sent : new StepOutcome.WaitOver()));
            }
        }

        await Look(1, 2, 3, 4);
    }

    private static StepOutcome Sent => new StepOutcome.Sent(Guid.NewGuid(), "hash", "model", null);

    private static ClaimedStep Of(IReadOnlyList<ClaimedStep> steps, int index, IStoreUnderTest of) =>
        steps.Single(s => of.Number(s.Instance.Id) == index);

    private ClaimedStep Of(IReadOnlyList<ClaimedStep> steps, int number) => Of(steps, number, store);

    /// <summary>The write-back of an outcome. Works on a copy of the claim's instance, so that another outcome can be applied too.</summary>
    private StepCompletion Outcome(
        ClaimedStep step,
        StepOutcome outcome,
        ClaimedStep? of = null,
        AttemptStatus status = AttemptStatus.Accepted
    )
    {
        var now = step.ClaimedAt;
        var after = Simulation.AggregateCopier.Copy((of ?? step).Instance);
        after.Apply(outcome, new(store.Steps), new OutcomeRules(options.Retry with { Jitter = 0 }, 0, options.DoubtGrace), now);
        AttemptResult? handed = step.AttemptId is null ? null : new(status, null, null);
        return new(step, after, [.. after.TakeEvents().Cast<FollowUpEvent>()], now, handed, null, null);
    }

    private static StepCompletion Begin(ClaimedStep step)
    {
        var after = Simulation.AggregateCopier.Copy(step.Instance);
        after.Begin(AllIsWell with { SequenceEnabled = step.SequenceEnabled, Suppressed = step.Suppressed }, new([]), step.ClaimedAt);
        return new(step, after, [.. after.TakeEvents().Cast<FollowUpEvent>()], step.ClaimedAt, null, null, null);
    }

    private async Task<IReadOnlyList<ClaimedStep>> Claim(int node, int most)
    {
        List<ClaimedStep> steps = [.. (await store.Claim(node, most)).OrderBy(s => store.Number(s.Instance.Id))];
        var words = steps.Select(s =>
            $"{store.Number(s.Instance.Id)}/{s.Instance.CurrentStep.Value} claim {s.Fence.Attempt}, {s.Instance.Status}, "
            + $"sends {s.AttemptId is not null}, enabled {s.SequenceEnabled}, suppressed {s.Suppressed}, probe {s.IsProbe}"
        );
        Say($"node {node} claims: {string.Join("; ", words)}");
        return steps;
    }

    private async Task Complete(string what, int node, StepCompletion completion) =>
        Say($"write-back, {what}: {await store.Complete(node, completion)}");

    private async Task Look(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            Say($"{number}: {await store.Look(number)}");
        }
    }

    private void Say(string answer) => _answers.Add(answer);
}
