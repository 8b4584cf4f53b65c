namespace FollowUp.Domain.Sequences;

/// <summary>Why a migration chose an instance's target. Camel case in JSON.</summary>
public enum StepMoveReason
{
    /// <summary>Its step exists in the new version.</summary>
    SameStep,

    /// <summary>The map names the target.</summary>
    Mapped,

    /// <summary>Its step was removed: the next step that still exists is used.</summary>
    NextSurviving,

    /// <summary>Its step and all later ones were removed: the same position is used, or the instance ends.</summary>
    SamePlace,

    /// <summary>The recipient has already received the target step or a later one: the instance continues after all steps received.</summary>
    AlreadyHad,

    /// <summary>The policy keeps the instance on its version.</summary>
    Stays,

    /// <summary>The versions have different shapes, so the instance stays.</summary>
    ShapeDiffers,
}
