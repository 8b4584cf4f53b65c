namespace FollowUp.Domain.Accounts;

/// <summary>The kinds of actors. Written in camel case in tables and JSON, as in <c>apiKey</c>.</summary>
public enum ActorKind
{
    /// <summary>A user with a token or a session.</summary>
    User,

    /// <summary>A program with an API key.</summary>
    ApiKey,

    /// <summary>The engine.</summary>
    Engine,

    /// <summary>The recipient of a message.</summary>
    Recipient,

    /// <summary>A delivery provider.</summary>
    Provider,

    /// <summary>An operator of this installation.</summary>
    Operator,
}
