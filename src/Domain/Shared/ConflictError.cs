namespace FollowUp.Domain.Shared;

/// <summary>
/// A conflict with the current state, with a <paramref name="Code"/> for programs. <see cref="Result"/> can carry only strings, so this
/// record is the single place that writes an error into a result and reads it back.
/// </summary>
/// <param name="Code">The value of <c>code</c> in the API.</param>
/// <param name="Message">One sentence for users.</param>
/// <param name="Facts">Further members of the response, such as the <c>id</c> of the conflicting row.</param>
public sealed record ConflictError(string Code, string Message, params (string Name, string Value)[] Facts)
{
    /// <summary>Converts the error to a result.</summary>
    public static implicit operator Result(ConflictError refusal) => refusal.ToResult();

    /// <summary>Converts the error to a result.</summary>
    /// <returns>A result with status <see cref="ResultStatus.Conflict"/>.</returns>
    public Result ToResult() => Result.Conflict([Code, Message, .. Facts.SelectMany(f => new[] { f.Name, f.Value })]);

    /// <summary>Reads an error back.</summary>
    /// <param name="result">A result of <see cref="ToResult"/>, with status <see cref="ResultStatus.Conflict"/>.</param>
    public static ConflictError From(IResult result)
    {
        string[] parts = [.. result.Errors];
        return new ConflictError(parts[0], parts[1], [.. parts.Skip(2).Chunk(2).Select(pair => (pair[0], pair[1]))]);
    }
}
