using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Shared;
using Microsoft.EntityFrameworkCore;

namespace FollowUp.Application.Accounts;

/// <summary>Keeps API keys.</summary>
public interface IApiKeys
{
    /// <summary>Finds one of the caller's keys that is not revoked, for changing it.</summary>
    /// <param name="id">Which one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The key, or null.</returns>
    Task<ApiKey?> Find(Guid id, CancellationToken cancellationToken);

    /// <summary>Counts the caller's keys that are neither revoked nor expired. Locks the user, so that of two keys made at once each counts the other.</summary>
    /// <param name="now">The present instant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number.</returns>
    Task<int> CountForCreation(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Keeps a new key.</summary>
    /// <param name="key">The key.</param>
    void Add(ApiKey key);
}

/// <summary>When API keys were last used. Written to the database once a minute; reads include what is not yet written.</summary>
public interface IApiKeyUses
{
    /// <summary>The hour in which a key was last used.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The beginning of the hour; null when it was never used.</returns>
    DateTimeOffset? LastUsed(ApiKey key);
}

/// <summary>An API key as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="ReadOnly">Whether it may only read.</param>
/// <param name="Kind"><c>live</c>, or <c>sandbox</c> for one that acts in its user's sandbox.</param>
/// <param name="Hint">How its secret begins.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops being good; null means never.</param>
/// <param name="LastUsedAt">The hour in which it was last used; null until then.</param>
/// <param name="Key">The secret: only in the answer to the call that made it.</param>
public sealed record ApiKeyView(
    Guid Id,
    string Name,
    bool ReadOnly,
    string Kind,
    string Hint,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
        string? Key = null
)
{
    internal static ApiKeyView From(ApiKey key, DateTimeOffset? lastUsedAt, string? secret) =>
        new(key.Id, key.Name, key.ReadOnly, Words.Of(key.Kind), key.Hint, key.CreatedAt, key.ExpiresAt, lastUsedAt, secret);
}

/// <summary>Makes an API key for the caller.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="ReadOnly">Whether it may only read; false when absent.</param>
/// <param name="Kind"><c>live</c> (when absent) or <c>sandbox</c>.</param>
/// <param name="ExpiresAt">When it stops being good; never when absent.</param>
public sealed record CreateApiKey(string? Name, bool? ReadOnly, string? Kind, DateTimeOffset? ExpiresAt = null)
    : ICreateCommand<ApiKeyView>,
        IShownOnce;

internal sealed class CreateApiKeyValidator : AbstractValidator<CreateApiKey>
{
    private const int LongestName = 100;

    public CreateApiKeyValidator()
    {
        RuleFor(command => command.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName)
            .WithMessage($"must have 1 to {LongestName} characters");
        RuleFor(command => command.Kind)
            .Must(kind => kind is null || Words.TryRead<ApiKeyKind>(kind, out _))
            .WithMessage("must be live or sandbox");
    }
}

internal sealed class CreateApiKeyHandler(ICaller caller, IApiKeys keys, IDatabaseClock clock) : ICommandHandler<CreateApiKey, ApiKeyView>
{
    public async Task<Result<ApiKeyView>> Handle(CreateApiKey command, CancellationToken cancellationToken)
    {
        var kind = Words.TryRead<ApiKeyKind>(command.Kind, out var given) ? given : ApiKeyKind.Live;
        var now = await clock.Now(cancellationToken);
        if (command.ExpiresAt <= now)
        {
            return Result.Invalid(new ValidationError("expiresAt", "must be in the future"));
        }

        if (await keys.CountForCreation(now, cancellationToken) >= ApiKey.MostPerUser)
        {
            return ApiKeyErrors.TooMany.ToResult();
        }

        var (key, secret) = ApiKey.Create(caller.OwnerId, command.Name!, command.ReadOnly ?? false, kind, now, command.ExpiresAt);
        keys.Add(key);
        return ApiKeyView.From(key, lastUsedAt: null, secret);
    }
}

internal static class ApiKeyErrors
{
    public static Refusal TooMany =>
        new("tooManyKeys", $"A user may have {ApiKey.MostPerUser} API keys that are neither revoked nor expired; revoke one first.");
}

/// <summary>Revokes one of the caller's API keys, at once and for good.</summary>
/// <param name="Id">Which one.</param>
public sealed record RevokeApiKey(Guid Id) : ICommand<Guid>;

internal sealed class RevokeApiKeyHandler(IApiKeys keys, IDatabaseClock clock) : ICommandHandler<RevokeApiKey, Guid>
{
    public async Task<Result<Guid>> Handle(RevokeApiKey command, CancellationToken cancellationToken)
    {
        if (await keys.Find(command.Id, cancellationToken) is not { } key)
        {
            return Result.NotFound("There is no such API key.");
        }

        key.Revoke(await clock.Now(cancellationToken));
        return key.Id;
    }
}

/// <summary>The caller's API keys that are not revoked, newest first, without their secrets.</summary>
/// <param name="Limit">The most rows a page.</param>
/// <param name="Cursor">Where the page begins.</param>
public sealed record ListApiKeys(int? Limit, string? Cursor) : IQuery<Page<ApiKeyView>>, IPaged;

internal sealed class ListApiKeysValidator : AbstractValidator<ListApiKeys>
{
    public ListApiKeysValidator() => this.AddPagingRules();
}

internal sealed class ListApiKeysHandler(IReadDb db, IApiKeyUses uses) : IQueryHandler<ListApiKeys, Page<ApiKeyView>>
{
    public async Task<Result<Page<ApiKeyView>>> Handle(ListApiKeys query, CancellationToken cancellationToken)
    {
        var keys = db.Of<ApiKey>().Where(key => key.RevokedAt == null);
        if (query.Cursor is { } cursor)
        {
            if (Paging.Parts(nameof(ListApiKeys), cursor, 1) is not [var part] || !Guid.TryParse(part, out var last))
            {
                return Paging.BadCursor;
            }

            keys = keys.Where(key => key.Id < last);
        }

        var page = await keys.OrderByDescending(key => key.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            key => JsonSize.Of(key.Name),
            key => ApiKeyView.From(key, uses.LastUsed(key), null),
            key => Paging.Cursor(nameof(ListApiKeys), key.Id)
        );
    }
}
