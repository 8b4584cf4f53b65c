namespace FollowUp.Application;

internal sealed class PagingValidator<T> : AbstractValidator<T>
    where T : IPaged
{
    public PagingValidator() =>
        RuleFor(query => query.Limit).InclusiveBetween(1, Paging.MostRows).WithMessage($"must be from 1 to {Paging.MostRows}");
}
