namespace FollowUp.Domain.Sequences;

/// <summary>Chooses the variants of instances.</summary>
public static class ChosenVariants
{
    /// <summary>The variant of a step that an instance gets.</summary>
    /// <returns>The variant; null when the step has no variants.</returns>
    public static EmailVariant? VariantFor(this IReadOnlyList<Step> steps, StepIndex index, Guid instance) =>
        steps[index.Value] is EmailStep { Variants.Count: > 0 } email ? email.Variants.Choose(instance, email.Id) : null;
}
