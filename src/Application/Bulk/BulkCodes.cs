namespace FollowUp.Application.Bulk;

/// <summary>The codes of rejected rows.</summary>
public static class BulkCodes
{
    /// <summary>The row is unreadable.</summary>
    public const string Malformed = "malformed";

    /// <summary>A field is invalid.</summary>
    public const string Invalid = "invalid";

    /// <summary>The recipient is active or paused in the sequence already.</summary>
    public const string AlreadyEnrolled = "alreadyEnrolled";

    /// <summary>The address is suppressed.</summary>
    public const string Suppressed = "suppressed";

    /// <summary>The sequence does not accept enrolments.</summary>
    public const string SequenceDisabled = SequenceErrors.DisabledCode;

    /// <summary>Reading ended: too many rows.</summary>
    public const string TooManyRows = "tooManyRows";

    /// <summary>Reading ended: too many bytes.</summary>
    public const string TooLarge = "tooLarge";

    /// <summary>Reading ended: the body arrived too slowly.</summary>
    public const string TooSlow = "tooSlow";

    /// <summary>Reading ended: too many blank lines.</summary>
    public const string TooManyBlankLines = "tooManyBlankLines";
}
