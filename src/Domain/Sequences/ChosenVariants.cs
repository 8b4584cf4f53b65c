namespace FollowUp.Domain.Sequences;

/// <summary>Chooses the variants of instances.</summary>
public static class ChosenVariants
{
    /// <summary>The variant of a step that an instance gets.</summary>
    /// <param name="steps">All steps of the sequence.</param>
    /// <param name="index">The step's index.</param>
    /// <param name="instance">The instance's id.</param>
    /// <returns>The variant; null when the step has no variants.</returns>
    public static EmailVariant? VariantFor(this IReadOnlyList<Step> steps, StepIndex index, Guid instance) =>
        steps[index.Value] is EmailStep { Variants.Count: > 0 } email ? email.Variants.Choose(instance, email.Id) : null;
}
