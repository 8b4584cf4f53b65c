namespace FollowUp.Domain.Sequences;

/// <summary>
/// Assigns ids to steps. A client that sends ids back identifies the steps itself. Otherwise a step without an id is matched to the current
/// step with the same content, in order, and then to the step of the same type in the same position.
/// </summary>
public static class StepIds
{
    /// <summary>The maximum length of an id, in characters.</summary>
    public const int Longest = 64;

    private const int GeneratedLength = 12;

    /// <summary>Whether a text is a valid step id: 1 to <see cref="Longest"/> letters, digits, hyphens and underscores.</summary>
    public static bool IsValid(string id) =>
        id.Length is > 0 and <= Longest && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>The first step that repeats an earlier step's id.</summary>
    /// <param name="steps">The steps; those without an id count as different.</param>
    public static StepIndex? FirstRepeated(IReadOnlyList<Step> steps)
    {
        HashSet<string> seen = [];
        for (var i = 0; i < steps.Count; i++)
        {
            if (steps[i].Id.Length > 0 && !seen.Add(steps[i].Id))
            {
                return new StepIndex(i);
            }
        }

        return null;
    }

    /// <summary>Gives each step without an id the id of the current step that it continues, or a new one.</summary>
    /// <param name="steps">The new steps, with ids or without.</param>
    /// <param name="present">The current steps, all with ids; empty for a new sequence.</param>
    public static IReadOnlyList<Step> Complete(IReadOnlyList<Step> steps, IReadOnlyList<Step> present, DateTimeOffset now)
    {
        var taken = steps.Select(step => step.Id).ToHashSet();
        List<int> nameless = [.. Enumerable.Range(0, steps.Count).Where(i => steps[i].Id.Length == 0)];
        List<Step> free = [.. present.Where(step => !taken.Contains(step.Id))];
        var continued = Continued([.. nameless.Select(i => steps[i])], free);
        Step[] named = [.. steps];
        for (var n = 0; n < nameless.Count; n++)
        {
            named[nameless[n]] = steps[nameless[n]] with { Id = continued[n]?.Id ?? New(taken, now) };
        }

        return named;
    }

    private static string New(HashSet<string> taken, DateTimeOffset now)
    {
        while (true)
        {
            // The random end of a UUIDv7: 48 bits are ample for the few steps of a sequence.
            var id = Guid.CreateVersion7(now).ToString("N")[^GeneratedLength..];
            if (taken.Add(id))
            {
                return id;
            }
        }
    }

    /// <summary>The current step that each new step continues: first those with equal content, then, between these, those of the same type.</summary>
    private static Step?[] Continued(Step[] steps, List<Step> present)
    {
        var continued = new Step?[steps.Length];
        var (fromStep, fromPresent) = (0, 0);
        foreach (var (step, same) in LongestCommon(steps, present).Append((steps.Length, present.Count)))
        {
            PairByType(fromStep, step, fromPresent, same);
            if (step < steps.Length)
            {
                continued[step] = present[same];
            }

            (fromStep, fromPresent) = (step + 1, same + 1);
        }

        return continued;

        void PairByType(int step, int stepEnd, int old, int oldEnd)
        {
            for (; step < stepEnd; step++)
            {
                var match = old;
                while (match < oldEnd && present[match].Type != steps[step].Type)
                {
                    match++;
                }

                if (match < oldEnd)
                {
                    (continued[step], old) = (present[match], match + 1);
                }
            }
        }
    }

    private static List<(int Step, int Same)> LongestCommon(Step[] steps, List<Step> present)
    {
        var length = new int[steps.Length + 1, present.Count + 1];
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            for (var j = present.Count - 1; j >= 0; j--)
            {
                length[i, j] = steps[i].SaysTheSameAs(present[j]) ? length[i + 1, j + 1] + 1 : Math.Max(length[i + 1, j], length[i, j + 1]);
            }
        }

        List<(int, int)> pairs = [];
        for (var (i, j) = (0, 0); i < steps.Length && j < present.Count; )
        {
            if (steps[i].SaysTheSameAs(present[j]))
            {
                pairs.Add((i++, j++));
            }
            else if (length[i + 1, j] >= length[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return pairs;
    }
}
