using Ardalis.Result;
using FluentValidation;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Accounts;
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

    /// <summary>Keeps a new key.</summary>
    /// <param name="key">The key.</param>
    void Add(ApiKey key);
}

/// <summary>An API key as a client reads it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="ReadOnly">Whether it may only read.</param>
/// <param name="Kind"><c>live</c>, or <c>sandbox</c> for one that acts in its user's sandbox.</param>
/// <param name="Hint">How its secret begins.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Key">The secret: only in the answer to the call that made it.</param>
public sealed record ApiKeyView(
    Guid Id,
    string Name,
    bool ReadOnly,
    string Kind,
    string Hint,
    DateTimeOffset CreatedAt,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
        string? Key = null
)
{
    internal static ApiKeyView From(ApiKey key, string? secret) =>
        new(key.Id, key.Name, key.ReadOnly, Words.Of(key.Kind), key.Hint, key.CreatedAt, secret);
}

/// <summary>Makes an API key for the caller.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="ReadOnly">Whether it may only read; false when absent.</param>
/// <param name="Kind"><c>live</c> (when absent) or <c>sandbox</c>.</param>
public sealed record CreateApiKey(string? Name, bool? ReadOnly, string? Kind) : ICreateCommand<ApiKeyView>;

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
        var (key, secret) = ApiKey.Create(caller.OwnerId, command.Name!, command.ReadOnly ?? false, kind, now);
        keys.Add(key);
        return ApiKeyView.From(key, secret);
    }
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

internal sealed class ListApiKeysHandler(IReadDb db) : IQueryHandler<ListApiKeys, Page<ApiKeyView>>
{
    public async Task<Result<Page<ApiKeyView>>> Handle(ListApiKeys query, CancellationToken cancellationToken)
    {
        var keys = db.ApiKeys.Where(key => key.RevokedAt == null);
        if (query.Cursor is { } cursor)
        {
            if (Paging.Parts(nameof(ListApiKeys), cursor, 1) is not [var part] || !Guid.TryParse(part, out var last))
            {
                return Paging.BadCursor;
            }

            keys = keys.Where(key => key.Id < last);
        }

        var page = await keys.OrderByDescending(key => key.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(query.Rows(), key => ApiKeyView.From(key, null), key => Paging.Cursor(nameof(ListApiKeys), key.Id));
    }
}
