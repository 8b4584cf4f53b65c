namespace FollowUp.Application.Accounts;

/// <summary>The caller of a use case. Everything that a use case reads or writes is filtered by <see cref="OwnerId"/>.</summary>
public interface ICaller
{
    /// <summary>The internal user.</summary>
    OwnerId OwnerId { get; }

    /// <summary>Whether the credential may only read.</summary>
    bool ReadOnly { get; }

    /// <summary>The environment that the caller acts in.</summary>
    ApiKeyKind Kind => ApiKeyKind.Live;

    /// <summary>The credential's kind: <c>token</c> or <c>apiKey</c>.</summary>
    string Credential { get; }

    /// <summary>Whether the caller may use the operator's routes.</summary>
    bool IsOperator => false;

    /// <summary>The id of the API key; null for any other credential.</summary>
    Guid? KeyId => null;

    /// <summary>The caller as the originator of a change.</summary>
    Actor Actor =>
        Credential switch
        {
            "engine" => Actor.Engine,
            "apiKey" => new Actor(ActorKind.ApiKey, KeyId),
            _ => new Actor(ActorKind.User, OwnerId.Value),
        };

    /// <summary>The request's <c>Idempotency-Key</c>, or null.</summary>
    string? IdempotencyKey { get; }
}
