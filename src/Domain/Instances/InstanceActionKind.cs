namespace FollowUp.Domain.Instances;

/// <summary>The actions of a user on many instances at once. Camel case in JSON.</summary>
public enum InstanceActionKind
{
    /// <summary><see cref="Instance.Pause"/>.</summary>
    Pause,

    /// <summary><see cref="Instance.Resume"/>.</summary>
    Resume,

    /// <summary><see cref="Instance.Stop"/>.</summary>
    Stop,

    /// <summary><see cref="Instance.Retry"/>.</summary>
    Retry,

    /// <summary><see cref="Instance.Skip"/>.</summary>
    Skip,

    /// <summary><see cref="Instance.Resolve"/>.</summary>
    Resolve,
}
