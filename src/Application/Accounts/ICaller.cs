using FollowUp.Domain.Accounts;

namespace FollowUp.Application.Accounts;

/// <summary>Who is asking. Everything that a use case reads or writes is filtered by <see cref="OwnerId"/>.</summary>
public interface ICaller
{
    /// <summary>The internal user.</summary>
    OwnerId OwnerId { get; }

    /// <summary>Whether the credential may only read.</summary>
    bool ReadOnly { get; }

    /// <summary>In which world the caller acts.</summary>
    ApiKeyKind Kind => ApiKeyKind.Live;

    /// <summary>The credential's kind: <c>token</c> or <c>apiKey</c>.</summary>
    string Credential { get; }

    /// <summary>Whether the caller may use the operator's routes.</summary>
    bool IsOperator => false;

    /// <summary>The request's <c>Idempotency-Key</c>, when it has one.</summary>
    string? IdempotencyKey { get; }
}
