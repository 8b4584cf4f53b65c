namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Which texts a write-back stores: all, unless the database rejects a row. None of the guarantees depends on these texts.</summary>
internal enum StoredTexts
{
    All,

    /// <summary>All but the rendered message. The event keeps the message's hash, as it does when a message is erased.</summary>
    WithoutMessage,

    /// <summary>No error, subject or provider message id either.</summary>
    None,
}
