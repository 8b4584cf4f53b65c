namespace FollowUp.Domain.Sequences;

/// <summary>Why an instance goes where it goes. The words in JSON are camel case.</summary>
public enum StepMoveReason
{
    /// <summary>Its step is in the new version too.</summary>
    SameStep,

    /// <summary>The map says so.</summary>
    Mapped,

    /// <summary>Its step is gone: it goes to the next one that stayed.</summary>
    NextSurviving,

    /// <summary>Its step is gone, and so is all that followed: it goes to the same place in the order, or ends.</summary>
    SamePlace,

    /// <summary>It has had the step that it would go to, or one behind that: it goes on behind all that it has had.</summary>
    AlreadyHad,

    /// <summary>It stays: the policy says so.</summary>
    Stays,

    /// <summary>It stays: the shape of the versions differs.</summary>
    ShapeDiffers,
}
