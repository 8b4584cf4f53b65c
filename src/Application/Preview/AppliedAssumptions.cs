namespace FollowUp.Application.Preview;

internal static class AppliedAssumptions
{
    /// <summary>Reads the pauses, and adds the errors of all assumptions.</summary>
    public static IReadOnlyList<(int Step, TimeSpan Length)> Check(
        PreviewAssumptions? assume,
        IReadOnlyList<Step> steps,
        int mostPauses,
        List<ValidationError> errors
    )
    {
        if (assume is null)
        {
            return [];
        }

        if (assume.Variant is { } variant && !steps.OfType<EmailStep>().Any(step => step.Variants.Named(variant) is not null))
        {
            errors.Add(new("assume.variant", "must be the name of a variant of one of the steps"));
        }

        if (assume.Skipped?.Count > Sequence.MostSteps)
        {
            errors.Add(new("assume.skipped", $"must be at most {Sequence.MostSteps} indexes"));
            return [];
        }

        for (var i = 0; i < (assume.Skipped?.Count ?? 0); i++)
        {
            var skipped = assume.Skipped![i];
            if (skipped < 0 || skipped >= steps.Count || steps[skipped] is WaitStep)
            {
                errors.Add(new($"assume.skipped[{i}]", "must be the index of an EMAIL or SMS"));
            }
        }

        if (assume.Pauses?.Count > mostPauses)
        {
            errors.Add(new("assume.pauses", $"must be at most {mostPauses} pauses"));
            return [];
        }

        List<(int, TimeSpan)> pauses = [];
        for (var i = 0; i < (assume.Pauses?.Count ?? 0); i++)
        {
            var pause = assume.Pauses![i];
            if (pause is null || pause.Step < 0 || pause.Step >= steps.Count)
            {
                errors.Add(new($"assume.pauses[{i}].step", "must be the index of a step"));
            }
            else if (pause.For is null || WaitStep.Of(pause.For) is not { } length)
            {
                errors.Add(new($"assume.pauses[{i}].for", "must be an ISO 8601 duration such as P3D, of at most 365 days"));
            }
            else
            {
                pauses.Add((pause.Step, length.Delay));
            }
        }

        return pauses;
    }
}
