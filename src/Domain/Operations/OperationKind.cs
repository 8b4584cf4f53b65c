namespace FollowUp.Domain.Operations;

/// <summary>The kinds of mass changes. Written in camel case in tables and JSON, as in <c>deleteSequence</c>.</summary>
public enum OperationKind
{
    /// <summary>Deletes the rows of a deleted sequence.</summary>
    DeleteSequence,

    /// <summary>Releases the jobs that were parked while their sequence was disabled.</summary>
    ReleaseParked,

    /// <summary>Places waiting steps again after a schedule or a calendar changed.</summary>
    Reschedule,

    /// <summary>Makes the mails that wait for a limit due again after the limits changed.</summary>
    ApplyLimits,

    /// <summary>Applies one action to many instances.</summary>
    InstanceAction,

    /// <summary>Erases the personal data of a contact.</summary>
    EraseContact,

    /// <summary>Imports many rows.</summary>
    Import,
}
