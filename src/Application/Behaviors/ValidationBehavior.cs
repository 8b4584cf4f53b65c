using MediatR;

namespace FollowUp.Application.Behaviors;

/// <summary>Second in the pipeline: a request that fails validation never reaches a handler.</summary>
internal sealed class ValidationBehavior<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IResult
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        List<ValidationError> errors = [];
        foreach (var validator in validators)
        {
            var found = await validator.ValidateAsync(request, cancellationToken);
            errors.AddRange(
                found.Errors.Select(e => new ValidationError(
                    JsonPath(e.PropertyName),
                    e.ErrorMessage,
                    e.ErrorCode,
                    ValidationSeverity.Error
                ))
            );
        }

        return errors.Count == 0 ? await next() : ResultOf<TResponse>.From(Result.Invalid(errors));
    }

    /// <summary><c>Steps[2].DelayDays</c> → <c>steps[2].delayDays</c>.</summary>
    private static string JsonPath(string property) =>
        string.Join('.', property.Split('.').Select(part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));
}
