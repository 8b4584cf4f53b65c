namespace FollowUp.Domain.Recipients;

/// <summary>Where a suppression came from. Written in camel case in tables and JSON.</summary>
public enum SuppressionSource
{
    /// <summary>The unsubscribe link of a mail.</summary>
    Link,

    /// <summary>A user: by hand, or by stopping an instance with a reason that suppresses.</summary>
    User,

    /// <summary>A list that a user imported.</summary>
    Import,

    /// <summary>The provider's answer to a message.</summary>
    Provider,
}
