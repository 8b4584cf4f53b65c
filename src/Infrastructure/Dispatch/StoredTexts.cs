namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Which texts a write-back stores. All, unless the database refuses a row; what matters for the promises is in none of them.</summary>
internal enum StoredTexts
{
    /// <summary>Everything.</summary>
    All,

    /// <summary>All but the rendered message. The event keeps its hash, as it does when a message is erased.</summary>
    WithoutMessage,

    /// <summary>No error, subject or provider's id either.</summary>
    None,
}
