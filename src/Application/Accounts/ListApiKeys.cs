namespace FollowUp.Application.Accounts;

/// <summary>The caller's API keys that are not revoked, newest first, without their secrets.</summary>
public sealed record ListApiKeys(int? Limit, string? Cursor) : IQuery<Page<ApiKeyView>>, IPaged;

internal sealed class ListApiKeysHandler(IReadDb db, IApiKeyUses uses) : IQueryHandler<ListApiKeys, Page<ApiKeyView>>
{
    public async Task<Result<Page<ApiKeyView>>> Handle(ListApiKeys query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListApiKeys), id => id, out var last))
        {
            return Paging.BadCursor;
        }

        var keys = db.Of<ApiKey>().Where(key => key.RevokedAt == null);
        keys = last is { } id ? keys.Where(key => key.Id < id) : keys;
        var page = await keys.OrderByDescending(key => key.Id).Take(query.Rows() + 1).ToListAsync(cancellationToken);
        return page.ToPage(
            query.Rows(),
            key => JsonSize.Of(key.Name),
            key => ApiKeyView.From(key, uses.LastUsed(key), null),
            key => Paging.Cursor(nameof(ListApiKeys), key.Id)
        );
    }
}
