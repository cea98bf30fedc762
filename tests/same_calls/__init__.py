"""Two trees and a program that drives them in; what AWS would see differently out."""
