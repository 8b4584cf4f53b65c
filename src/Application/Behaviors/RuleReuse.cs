using System.Linq.Expressions;
using FluentValidation.Results;

namespace FollowUp.Application.Behaviors;

/// <summary>Reuses the rules of a request for a request that contains it.</summary>
internal static class RuleReuse
{
    /// <summary>Applies the validator of the inner request. Unlike <c>SetValidator</c>, it keeps the field names of the inner request, which clients send.</summary>
    public static void SameRulesAs<T, TInner>(
        this AbstractValidator<T> validator,
        Expression<Func<T, TInner>> inner,
        IValidator<TInner> rules
    ) =>
        validator
            .RuleFor(inner)
            .Custom(
                (value, context) =>
                {
                    foreach (var failure in rules.Validate(value).Errors)
                    {
                        context.AddFailure(new ValidationFailure(failure.PropertyName, failure.ErrorMessage));
                    }
                }
            );
}
