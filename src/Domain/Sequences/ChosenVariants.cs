namespace FollowUp.Domain.Sequences;

/// <summary>Which variant an instance gets.</summary>
public static class ChosenVariants
{
    /// <summary>The variant that an instance gets of a step.</summary>
    /// <param name="steps">All steps of the sequence.</param>
    /// <param name="index">Which step.</param>
    /// <param name="instance">The instance's id.</param>
    /// <returns>The variant; null when the step has none.</returns>
    public static EmailVariant? VariantFor(this IReadOnlyList<Step> steps, StepIndex index, Guid instance) =>
        steps[index.Value] is EmailStep { Variants.Count: > 0 } email ? email.Variants.Choose(instance, email.Id) : null;
}
