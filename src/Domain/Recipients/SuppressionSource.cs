namespace FollowUp.Domain.Recipients;

/// <summary>The origin of a suppression. Camel case in tables and JSON.</summary>
public enum SuppressionSource
{
    /// <summary>The unsubscribe link of a mail.</summary>
    Link,

    /// <summary>A user: directly, or by stopping an instance with a reason that suppresses the address.</summary>
    User,

    /// <summary>A list that a user imported.</summary>
    Import,

    /// <summary>The provider's response to a message.</summary>
    Provider,
}
