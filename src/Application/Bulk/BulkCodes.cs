namespace FollowUp.Application.Bulk;

/// <summary>The codes of rejected rows that every bulk call may have. A call adds those of its module.</summary>
public static class BulkCodes
{
    /// <summary>The row is unreadable.</summary>
    public const string Malformed = "malformed";

    /// <summary>A field is invalid.</summary>
    public const string Invalid = "invalid";

    /// <summary>Reading ended: too many rows.</summary>
    public const string TooManyRows = "tooManyRows";

    /// <summary>Reading ended: too many bytes.</summary>
    public const string TooLarge = "tooLarge";

    /// <summary>Reading ended: the body arrived too slowly.</summary>
    public const string TooSlow = "tooSlow";

    /// <summary>Reading ended: too many blank lines.</summary>
    public const string TooManyBlankLines = "tooManyBlankLines";
}
