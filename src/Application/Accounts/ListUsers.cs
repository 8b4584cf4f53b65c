namespace FollowUp.Application.Accounts;

/// <summary>All users, newest first, for operators.</summary>
public sealed record ListUsers(bool? Blocked, string? Q, int? Limit, string? Cursor) : IQuery<Page<UserView>>, IPaged;

internal sealed class ListUsersValidator : AbstractValidator<ListUsers>
{
    private const int LongestStart = 255;

    public ListUsersValidator()
    {
        RuleFor(query => query.Q).MaximumLength(LongestStart).WithMessage($"must have at most {LongestStart} characters");
    }
}

internal sealed class ListUsersHandler(IUsers users) : IQueryHandler<ListUsers, Page<UserView>>
{
    public async Task<Result<Page<UserView>>> Handle(ListUsers query, CancellationToken cancellationToken)
    {
        if (!query.TryReadCursor(nameof(ListUsers), id => id, out var last))
        {
            return Paging.BadCursor;
        }

        var page = await users.List(last, query.Blocked, query.Q, query.Rows() + 1, cancellationToken);
        return page.ToPage(
            query.Rows(),
            user => JsonSize.Of(user.Issuer) + JsonSize.Of(user.Subject),
            user => user,
            user => Paging.Cursor(nameof(ListUsers), user.Id)
        );
    }
}
