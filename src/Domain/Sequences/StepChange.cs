namespace FollowUp.Domain.Sequences;

/// <summary>One entry of the difference between two versions.</summary>
/// <param name="Old">The old step; null for an added one.</param>
/// <param name="New">The new step; null for a removed one.</param>
public sealed record StepChange(StepChangeKind Kind, Step? Old, StepIndex? From, Step? New, StepIndex? To)
{
    /// <summary>Compares two versions by step id: the new steps in order, then the removed ones.</summary>
    public static IReadOnlyList<StepChange> Between(IReadOnlyList<Step> from, IReadOnlyList<Step> to)
    {
        var old = from.Select((step, i) => (step, i)).ToDictionary(pair => pair.step.Id, pair => pair.i);
        var inOrder = InOrder([.. to.Where(step => old.ContainsKey(step.Id)).Select(step => old[step.Id])]);
        var kept = to.Select(step => step.Id).ToHashSet();
        return
        [
            .. to.Select(
                (step, i) =>
                    old.TryGetValue(step.Id, out var was)
                        ? new StepChange(KindOf(from[was], step, inOrder.Contains(was)), from[was], new(was), step, new(i))
                        : new StepChange(StepChangeKind.Added, null, null, step, new(i))
            ),
            .. from.Select((step, i) => new StepChange(StepChangeKind.Removed, step, new(i), null, null))
                .Where(line => !kept.Contains(line.Old!.Id)),
        ];
    }

    private static StepChangeKind KindOf(Step old, Step step, bool inOrder) =>
        !inOrder ? StepChangeKind.Moved
        : old == step ? StepChangeKind.Unchanged
        : StepChangeKind.Edited;

    /// <summary>The longest increasing subsequence: the steps that did not move.</summary>
    private static HashSet<int> InOrder(int[] places)
    {
        var (best, before) = (new int[places.Length], new int[places.Length]);
        for (var i = 0; i < places.Length; i++)
        {
            (best[i], before[i]) = (1, -1);
            for (var j = 0; j < i; j++)
            {
                if (places[j] < places[i] && best[j] + 1 > best[i])
                {
                    (best[i], before[i]) = (best[j] + 1, j);
                }
            }
        }

        HashSet<int> rising = [];
        for (var i = best.Length == 0 ? -1 : Array.IndexOf(best, best.Max()); i >= 0; i = before[i])
        {
            rising.Add(places[i]);
        }

        return rising;
    }
}
