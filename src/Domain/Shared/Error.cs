namespace FollowUp.Domain.Shared;

/// <summary>
/// Why a use case refuses a request, as data. The library's own statuses for a conflict or a missing row carry only texts, so this error
/// travels among the validation errors of a result. An error of a field is a plain <see cref="ValidationError"/>.
/// </summary>
public sealed class Error : ValidationError
{
    /// <summary>The code of every error of the kind <see cref="ErrorKind.NotFound"/>.</summary>
    public const string NotFoundCode = "notFound";

    private Error(ErrorKind kind, string code, string message, IReadOnlyList<(string, string)> facts)
        : base("", message, code, ValidationSeverity.Error) => (Kind, Facts) = (kind, facts);

    /// <summary>The kind, which determines the HTTP status.</summary>
    public ErrorKind Kind { get; }

    /// <summary>Further members of the response, such as the <c>id</c> of the conflicting row.</summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; }

    /// <summary>A row does not exist or belongs to another user; both give the same answer.</summary>
    public static Result NotFound(string message) => Result.Invalid(new Error(ErrorKind.NotFound, NotFoundCode, message, []));

    /// <summary>The current state does not permit the request.</summary>
    public static Result Conflict(string code, string message, params (string Name, string Value)[] facts) =>
        Result.Invalid(new Error(ErrorKind.Conflict, code, message, facts));

    /// <summary>The caller's revision is older than the row's.</summary>
    public static Result PreconditionFailed(string message) =>
        Result.Invalid(new Error(ErrorKind.PreconditionFailed, "preconditionFailed", message, []));

    /// <summary>A field breaks a rule.</summary>
    /// <param name="field">The path of the field, as in JSON.</param>
    /// <param name="rule">The rule, as the end of a sentence that begins with the field.</param>
    public static Result Invalid(string field, string rule) => Result.Invalid(new ValidationError(field, rule));

    /// <summary>The error of a failed result; null when the result succeeded or names fields.</summary>
    public static Error? Of(IResult result) => result.ValidationErrors.FirstOrDefault() as Error;
}
