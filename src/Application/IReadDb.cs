namespace FollowUp.Application;

/// <summary>The caller's rows, for reading. Rows of other users and of deleted sequences are left out, and nothing is tracked.</summary>
public interface IReadDb
{
    /// <summary>The caller's rows of a type.</summary>
    /// <typeparam name="T">A type that is stored for each user, such as a sequence.</typeparam>
    IQueryable<T> Of<T>()
        where T : class;
}
